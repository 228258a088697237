// A server that stands still, one that is gone, and clocks that differ. The hub lives in the page here, so that the page's
// clock is its clock, and nobody has to wait.
import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { phone, visiting } from './browser.mjs';
import { expectText, heading } from './looking.mjs';
import { oneGateway, startAgain, within } from './scenes.mjs';

const ownHub = () => { delete window.SharedWorker; };
const goTo = (page, name) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();

await check('silence: a server that stands still is told after 6 s in plain words, and nobody is held on the page', () =>
  within(oneGateway({ agents: 3 }), async ({ center }) =>
    visiting(center, { prepare: ownHub }, async (visit) => {
      const page = await visit.context.newPage();
      await page.clock.install();
      await page.goto('/');
      await heading(page, 'Fleet');
      await expectText(page.locator('header'), 'Live');
      center.process.kill('SIGSTOP');
      try {
        await page.clock.fastForward(13_000);
        await expectText(page.locator('header'), 'No news for 1');
        await expectText(page.locator('.notice'), 'Reconnecting in');
        await goTo(page, 'Sessions');
        await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
        await page.getByRole('status', { name: 'Loading' }).first().waitFor();
        await page.clock.fastForward(10_000);
        await expectText(page.locator('header'), 'Lost for');
        await expectText(page.locator('.notice'), 'Control Center does not answer.');
      } finally {
        center.process.kill('SIGCONT');
      }
      await page.clock.fastForward(15_000);
      await expectText(page.locator('header'), 'Live');
      await page.locator('.notice').waitFor({ state: 'detached' });
      await heading(page, 'Sessions');
    })));

await check('silence: while the server is gone nothing is shown as zero, and what was missed is read once it is back', () =>
  within(oneGateway({ agents: 3, sessions: 9 }), async (scene) =>
    visiting(scene.center, { prepare: ownHub }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      scene.center.process.kill('SIGKILL');
      await scene.center.exited;
      await expectText(page.locator('.notice'), 'Control Center does not answer.');
      assert.doesNotMatch(await page.locator('body').innerText(), /Failed to fetch|aborted/);
      await goTo(page, 'Sessions');
      await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
      await page.getByText('The sessions cannot be read').or(page.getByText('This page could not be loaded')).waitFor();
      const chips = await page.getByRole('group', { name: 'Filter by status' }).locator('b').allInnerTexts();
      assert.deepEqual(chips.filter((text) => /\d/.test(text)), [], 'no count is known');
      scene.center = await startAgain(scene.center, scene.simulator);
      visit.center = scene.center;
      await expectText(page.locator('header'), 'Live', 40_000);
      await page.getByRole('table', { name: 'Sessions' }).locator('a[data-row]').first().waitFor();
    })));

await check('clock: a device two hours behind shows ages by the server, and says once that its clock is off', () =>
  within(oneGateway({ agents: 3, events: 5 }), async ({ center }) => {
    const behind = () => {
      delete window.SharedWorker;
      const now = Date.now.bind(Date);
      Date.now = () => now() - 7_200_000;
    };
    await visiting(center, { prepare: behind }, async (visit) => {
      const page = await visit.open('/gateways');
      await heading(page, 'Gateways');
      await expectText(page.locator('.notice'), "clock is 2 h behind the server's");
      assert.equal(await page.locator('.notice').count(), 1);
      assert.doesNotMatch(await page.locator('#content').innerText(), /\b[12] h\b/);
    });
  }));

await check('phone: everything in the head can be hit by a finger, and a page in a page leads back', () =>
  within(oneGateway({ agents: 3, sessions: 9 }), ({ center }) =>
    visiting(center, { size: phone, mobile: true }, async (visit) => {
      const { items: [session] } = await center.get('/api/v1/sessions?limit=1');
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      await page.getByRole('link', { name: session.title }).first().click();
      await heading(page, session.title);
      const small = await page.locator('header a:visible, header button:visible, nav a:visible').evaluateAll((all) => all
        .map((one) => [one.getAttribute('aria-label') ?? one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 44 || height < 44)
        .map(([name, { width, height }]) => `${name}: ${width} × ${height}`));
      assert.deepEqual(small, []);
      await page.getByRole('link', { name: 'Back to Sessions' }).click();
      await heading(page, 'Sessions');
    })));

await check("clock: where the server's clock was wrong, the page says by how much the journal is ahead", () =>
  within(oneGateway({ agents: 3 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.context.newPage();
      await page.route('**/api/v1/status', async (route) => {
        const told = await (await route.fetch()).json();
        told.journal.aheadMs = 8 * 3_600_000;
        await route.fulfill({ json: told });
      });
      await page.goto('/');
      await heading(page, 'Fleet');
      await expectText(page.locator('.notice'), 'new journal entries are dated 8 h ahead');
    })));
