import assert from 'node:assert/strict';
import { expectAgents, expectText, heading } from './looking.mjs';
import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { oneGateway, within } from './scenes.mjs';

await check('sign-in: the page names the file of the token, says no to a wrong one, and lets the right one in', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, { signedIn: false }, async (visit) => {
      const page = await visit.open('/agents?status=idle');
      await page.getByRole('button', { name: 'Where is the token?' }).click();
      await page.getByLabel('Token').fill('not-the-token-at-all');
      await expectText(page.locator('main'), `${center.dir}/admin-token`);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expectText(page.getByRole('alert'), 'not a token');
      await page.getByLabel('Token').fill(center.token);
      await page.keyboard.press('Enter');
      await heading(page, 'Fleet');
      // What was asked for is still what is shown.
      assert.equal(new URL(page.url()).search, '?status=idle');
      assert.equal((await page.content()).includes(center.token), false, 'the token is nowhere in the page');
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
      assert.equal(kept.includes(center.token), false);
      assert.equal(kept.includes('control_center_session'), false, 'no script sees the cookie');
    })));

await check('sign-in: a first visit asks the server for nothing that it may not have', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, { signedIn: false }, async (visit) => {
      const page = await visit.context.newPage();
      const refused = [];
      page.on('response', (response) => { if (response.status() >= 400) refused.push(response.url()); });
      page.on('console', (message) => { if (message.type() === 'error') refused.push(message.text()); });
      await page.goto('/');
      await page.getByLabel('Token', { exact: true }).waitFor();
      // Another tab, in which somebody signs in: this one goes on by itself.
      const other = await visit.open('/');
      await other.getByLabel('Token', { exact: true }).fill(center.token);
      await other.keyboard.press('Enter');
      await heading(other, 'Fleet');
      await heading(page, 'Fleet');
      // And knows it after a reload, also in a browser that was signed in by an earlier release.
      await page.reload();
      await heading(page, 'Fleet');
      assert.deepEqual(refused, []);
      const metrics = await (await center.ask('/metrics')).text();
      assert.doesNotMatch(metrics, /^control_center_http_requests_total\{.*"401"/m, 'nor from the worker, of which the page hears nothing');
    })));

await check('sign-out: every tab asks for the token, and the cookie is worth nothing any more', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      const other = await visit.open('/');
      await heading(page, 'Fleet');
      await heading(other, 'Fleet');
      const cookies = await visit.context.cookies();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByLabel('Token').waitFor();
      await other.getByLabel('Token').waitFor();
      assert.equal(await page.getByText('Otto').count(), 0, 'nothing of the fleet is left in the page');
      await visit.context.addCookies(cookies);
      assert.equal((await visit.context.request.get('/api/v1/fleet')).status(), 401);
    })));

await check('session: when it ends elsewhere the page stays behind the question for the token', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/agents?q=default&group=gateway');
      await heading(page, 'Fleet');
      // All are of the gateway "default".
      const { total } = await center.get('/api/v1/agents');
      await expectAgents(page, total);
      const rows = page.getByRole('table', { name: 'Agents' }).getByRole('row');
      const shown = await rows.count();
      assert.equal((await visit.context.request.delete('/api/v1/session', { headers: { origin: center.url } })).status(), 204);
      const dialog = page.getByRole('dialog');
      await expectText(dialog, 'Your session ended');
      await dialog.getByLabel('Token').fill(center.token);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.waitFor({ state: 'hidden' });
      assert.equal(new URL(page.url()).search, '?q=default&group=gateway');
      await expectAgents(page, total, 'the same agents as before');
      assert.equal(await rows.count(), shown, 'and the same groups');
    })));
