// The page of settings: notifications for everybody, tokens and the audit record for admins.
import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { visiting } from './browser.mjs';
import { expectEqual, expectNoText, expectText, heading } from './looking.mjs';
import { oneGateway, within } from './scenes.mjs';

const hostile = '"><script>alert(1)</script>\u202e‮ nightly';

/** A row of the list of tokens. */
const rowOf = (page, name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

async function makeToken(center, name, role = 'viewer') {
  const answer = await fetch(`${center.url}/api/v1/tokens`, {
    method: 'POST', headers: { Authorization: `Bearer ${center.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ name, role }),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).token;
}

const openSettings = async (visit) => {
  const page = await visit.open('/settings');
  await heading(page, 'Settings');
  return page;
};

await check('settings: an admin makes a token, sees its secret once, and revokes it', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await openSettings(visit);
      await expectText(page.locator('#content'), 'No tokens yet');
      await page.getByLabel('Name', { exact: true }).fill('nightly report');
      await page.getByLabel('Role').selectOption('viewer');
      await page.getByLabel('Ends').selectOption({ label: 'in 7 days' });
      await page.getByRole('button', { name: 'Make a token' }).click();
      const secret = await page.locator('[data-secret]').innerText();
      const asProgram = (path) => fetch(center.url + path, { headers: { Authorization: `Bearer ${secret}` } });
      assert.equal((await asProgram('/api/v1/session')).status, 200);
      await expectText(rowOf(page, 'nightly report'), 'viewer');
      await expectText(rowOf(page, 'nightly report'), 'in 7 d');
      await expectText(page.locator('#content'), 'made the token');
      await page.getByRole('button', { name: 'Done' }).click();
      assert.ok(!(await page.content()).includes(secret));

      await page.getByRole('button', { name: 'Revoke nightly report' }).click();
      const asked = page.getByRole('dialog', { name: 'Revoke this token?' });
      await asked.getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await asProgram('/api/v1/session')).status, 200, 'nothing was done yet');
      await page.getByRole('button', { name: 'Revoke nightly report' }).click();
      await asked.getByRole('button', { name: 'Revoke', exact: true }).click();
      await expectText(page.locator('#content'), 'No tokens yet');
      await expectText(page.locator('#content'), 'revoked the token');
      assert.equal((await asProgram('/api/v1/session')).status, 401);
    })));

await check('settings: what a name or an address says is text, and a refusal is told in words', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      await fetch(`${center.url}/api/v1/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: 'not-a-token-at-all' }),
      });
      const page = await openSettings(visit);
      await page.getByLabel('Name', { exact: true }).fill(hostile);
      await page.getByRole('button', { name: 'Make a token' }).click();
      await page.locator('[data-secret]').waitFor();
      await expectText(page.getByRole('table'), '<script>alert(1)</script>');
      await expectText(page.locator('#content'), 'A sign-in was refused');
    })));

await check('settings: the audit record goes back, a page at a time, and holds each entry once', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      for (let i = 0; i < 30; i += 1) await makeToken(center, `t${i}`);
      const page = await openSettings(visit);
      const lines = page.locator('ol > li');
      await expectEqual('a page', () => lines.count(), 25);
      const older = page.getByRole('button', { name: 'Older' });
      await older.click();
      await older.waitFor({ state: 'detached' });
      const { items } = await center.get('/api/v1/audit?limit=1000');
      assert.equal(await lines.count(), items.length);
      const made = (await lines.allInnerTexts()).filter((text) => text.includes('made the token'));
      assert.equal(new Set(made.map((text) => /\bt\d+\b/.exec(text)?.[0])).size, 30);
    })));

await check('settings: who is no admin sees neither tokens nor audit, and asks for none', () =>
  within(oneGateway(), ({ center }) =>
    visiting(center, { signedIn: false }, async (visit) => {
      const token = await makeToken(center, 'reader');
      await visit.context.request.post('/api/v1/session', { data: { token } });
      const asked = [];
      visit.context.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const page = await openSettings(visit);
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByText('reader · viewer').waitFor();
      await expectNoText(page.locator('#content'), 'Audit');
      await expectNoText(page.locator('#content'), 'Tokens');
      assert.deepEqual(asked.filter((path) => /tokens|audit/.test(path)), []);
    })));

/** Chromium without a screen shows no notifications: this notes what would be shown. The page can be hidden by hand. */
function prepareNotes() {
  window.notes = [];
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      this.permission = 'granted';
      return 'granted';
    }
    constructor(title, options) {
      window.notes.push({ title, ...options, self: this });
    }
    close() {}
  };
  window.hide = (hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    // A hidden page gets no frames.
    window.frames_ ??= window.requestAnimationFrame;
    window.requestAnimationFrame = hidden ? () => 0 : window.frames_;
    document.dispatchEvent(new Event('visibilitychange'));
  };
}

const notesOf = (page) => page.evaluate(() => window.notes.map(({ title, body }) => ({ title, body })));

await check('notifications: one for each agent that comes into trouble while the page is hidden; a click opens it', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, { prepare: prepareNotes }, async (visit) => {
      const page = await openSettings(visit);
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.getByText('On in this browser.').waitFor();
      const { items: [first, second] } = await center.get('/api/v1/agents?sort=-name&status=idle');
      const fail = async ({ id }) => {
        await simulator.post('run', { agentId: id, durationMs: 20, outcome: 'failed' });
        await center.until(`${id} failed`, 'agents', id, (row) => row?.status === 'error');
      };
      await fail(first);
      await until('the page has told of the first', async () => (await page.title()).startsWith('(1)'));
      await page.evaluate(() => window.hide(true));
      await fail(second);
      await until('somebody is notified', async () => (await notesOf(page)).length > 0);
      const { statusReason } = await center.get(`/api/v1/agents/default/${second.id}`);
      assert.deepEqual(await notesOf(page), [{ title: `${second.name} is in error`, body: statusReason }]);
      await page.evaluate(() => {
        window.hide(false);
        window.notes[0].self.onclick();
      });
      await page.waitForURL(`**/agents/default/${second.id}`);
    })));

await check('notifications: a tab that is hidden says nothing while another can be seen', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, { prepare: prepareNotes }, async (visit) => {
      const hidden = await openSettings(visit);
      await hidden.getByRole('button', { name: 'Turn on' }).click();
      await hidden.getByText('On in this browser.').waitFor();
      const seen = await visit.open('/');
      await heading(seen, 'Fleet');
      await hidden.evaluate(() => window.hide(true));
      const { items: [first, second] } = await center.get('/api/v1/agents?sort=-name&status=idle');
      await simulator.post('run', { agentId: first.id, durationMs: 20, outcome: 'failed' });
      await until('the hidden tab knows', async () => (await hidden.title()).startsWith('(1)'));
      assert.deepEqual(await notesOf(hidden), []);
      await seen.evaluate(() => window.hide(true));
      await simulator.post('run', { agentId: second.id, durationMs: 20, outcome: 'failed' });
      await until('now it says so', async () => (await notesOf(hidden)).length === 1);
    })));

await check('notifications: none while somebody looks, and none where nobody asked for them', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, { prepare: prepareNotes }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const { items: [agent] } = await center.get('/api/v1/agents?sort=-name&status=idle');
      await simulator.post('run', { agentId: agent.id, durationMs: 20, outcome: 'failed' });
      await expectText(page.locator('#content'), 'error');
      await center.until('it failed', 'agents', agent.id, (row) => row?.status === 'error');
      await expectText(page.getByRole('table').first(), 'error');
      assert.deepEqual(await notesOf(page), []);
    })));
