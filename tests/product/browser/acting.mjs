// Doing something from the page: stopping, saying, changing; and what became of it.
import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { phone, visiting } from './browser.mjs';
import { expectEqual, expectText, heading } from './looking.mjs';
import { settled, twoFrames } from './pages.mjs';
import { oneOperated, within } from './scenes.mjs';

const part = encodeURIComponent;
const dialog = (page) => page.getByRole('dialog');
const running = async (center) => (await center.get('/api/v1/sessions?status=running')).total;
const sessionOf = async (center) => (await center.get('/api/v1/sessions?sort=-updatedAt&limit=1')).items[0];
const pathOf = ({ gateway, key }) => `/sessions/${part(gateway)}/${part(key)}`;

/** So many runs that go on. */
async function runs({ center, simulator }, count) {
  const { items } = await center.get(`/api/v1/agents?status=idle&limit=${count}`);
  const before = await running(center);
  for (const { id } of items) await simulator.post('run', { agentId: id, durationMs: 3_600_000, stuck: true });
  await until('they run', async () => (await running(center)) === before + items.length);
  return items;
}

await check('stop: one session by one click, an agent and the fleet after it was shown what runs there', () =>
  within(oneOperated({ agents: 6 }), async (scene) => {
    const { center } = scene;
    const [first] = await runs(scene, 3);
    const all = await running(center);
    await visiting(center, {}, async (visit) => {
      const { items: [session] } = await center.get(`/api/v1/sessions?status=running&agentId=${first.id}`);
      const page = await visit.open(pathOf(session));
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await expectText(page.getByRole('region', { name: 'Status' }), 'done');
      await expectEqual('one less runs', () => running(center), all - 1);

      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await heading(page, 'Fleet');
      await page.getByRole('button', { name: 'Stop everything' }).click();
      await expectText(dialog(page), `${all - 1} sessions running now`);
      assert.equal(await running(center), all - 1, 'nothing is stopped before it was confirmed');
      await dialog(page).getByRole('button', { name: 'Stop everything' }).click();
      await expectText(dialog(page), `${all - 1} sessions stopped.`);
      await expectEqual('nothing runs', () => running(center), 0);
      await dialog(page).getByRole('button', { name: 'Done' }).click();
      await dialog(page).waitFor({ state: 'detached' });
    });
  }));

const said = [
  '# Report\n\nAll **well**. See [your bank](https://evil.example/login) and ![p](https://tracker.example/p.png).',
  '<img src=x onerror=alert(1)> <script>alert(1)</script> [x](javascript:alert(1))',
];
const message = (id, role, parts) => ({ id, role, at: Date.now() - 60_000, parts, model: null, usage: null, costUsd: null, error: null });
const conversation = [
  message('1', 'user', [{ type: 'text', text: 'How is it?\n<b>hm</b>' }]),
  message('2', 'assistant', [{ type: 'thinking', text: 'Let me look.' }, { type: 'toolCall', id: 'c', name: 'exec', arguments: { command: 'ls \u202E' } }]),
  message('3', 'toolResult', [{ type: 'toolResult', id: 'c', name: 'exec', failed: true, text: 'no such file\u200B' }]),
  message('4', 'assistant', said.map((text) => ({ type: 'text', text }))),
];

await check('conversation: Markdown without HTML, links that show where they go, no pictures, tools and thinking folded', () =>
  within(oneOperated({ agents: 3 }), async ({ center }) => {
    const session = await sessionOf(center);
    for (const options of [{}, { size: phone, theme: 'dark', mobile: true }]) {
      await visiting(center, options, async (visit) => {
        await visit.context.route('**/messages?**', (route) => route.fulfill({ json: { items: conversation, before: null } }));
        const page = await visit.open(pathOf(session));
        const log = page.getByRole('log', { name: 'Conversation' });
        await log.scrollIntoViewIfNeeded();
        await expectText(log, '<script>alert(1)</script>');
        await expectText(log, 'evil.example');
        await expectText(log, '<b>hm</b>');
        await log.getByRole('heading', { name: 'Report' }).waitFor();
        const links = await log.getByRole('link').evaluateAll((all) => all.map(({ href, rel, target }) => [href, rel, target]));
        assert.deepEqual(links, [
          ['https://evil.example/login', 'noopener noreferrer', '_blank'],
          ['https://tracker.example/p.png', 'noopener noreferrer', '_blank'],
        ]);
        assert.equal(await log.locator('img, script, iframe').count(), 0);
        assert.ok(!(await log.getByText('Let me look.').isVisible()), 'thinking is folded');
        await log.getByText('exec').click();
        await expectText(log, 'U+202E');
        await expectText(log, 'U+200B');
        await twoFrames(page);
        const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(scrollWidth <= clientWidth, `${scrollWidth} wide in a window of ${clientWidth}`);
      });
    }
  }));

await check('conversation: what is said goes out with Ctrl+Enter, its state stands beside it, and what was refused can be written again', () =>
  within(oneOperated({ agents: 3 }), async ({ center, simulator }) => {
    const session = await sessionOf(center);
    await visiting(center, {}, async (visit) => {
      await visit.context.route('**/messages?**', (route) => route.fulfill({ json: { items: conversation, before: null } }));
      const page = await visit.open(pathOf(session));
      const box = page.getByRole('textbox', { name: 'Message' });
      await box.fill('Go on, please.');
      await box.press('Control+Enter');
      const sent = page.locator('.sent').filter({ hasText: 'Go on, please.' });
      await expectText(sent, 'done');
      assert.equal(await box.inputValue(), '');
      const { items: [row] } = await center.get('/api/v1/commands?kind=session.send&sort=-id');
      assert.deepEqual(Object.keys(row.params.text).sort(), ['length', 'sha256'], 'the words are in no row');

      await simulator.post('fault', { kind: 'refuse-call', method: 'chat.send', code: 'INVALID_REQUEST', message: 'the queue is full', count: 1 });
      await box.fill('And now?');
      await box.press('Control+Enter');
      const refused = page.locator('.sent').filter({ hasText: 'And now?' });
      await expectText(refused, 'refused');
      await expectText(refused, 'the queue is full');
      await refused.getByRole('button', { name: 'Write it again' }).click();
      assert.equal(await box.inputValue(), 'And now?');
    });
  }));

await check('conversation: two people in one session see what the other says', () =>
  within(oneOperated({ agents: 3 }), async ({ center }) => {
    const session = await sessionOf(center);
    await visiting(center, {}, (one) => visiting(center, { size: phone, mobile: true }, async (other) => {
      const [mine, theirs] = await Promise.all([one, other].map((visit) => visit.open(pathOf(session))));
      const log = theirs.getByRole('log', { name: 'Conversation' });
      await log.scrollIntoViewIfNeeded();
      const box = mine.getByRole('textbox', { name: 'Message' });
      await box.fill('Are you there?');
      await box.press('Control+Enter');
      await expectText(log, 'Are you there?');
      await expectText(mine.getByRole('log', { name: 'Conversation' }), 'Are you there?');
      await expectEqual('it stands once', () => mine.locator('.sent').count(), 0);
    }));
  }));

await check('sessions: one is renamed in a dialog, several are deleted after the count was confirmed', () =>
  within(oneOperated({ agents: 3, sessions: 12 }), async ({ center }) => {
    await visiting(center, {}, async (visit) => {
      const session = await sessionOf(center);
      const page = await visit.open(pathOf(session));
      await page.getByRole('button', { name: 'Session', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Change…' }).click();
      await dialog(page).getByLabel('Title').fill('Renamed');
      await dialog(page).getByRole('button', { name: 'Change' }).click();
      await heading(page, 'Renamed');

      const list = await settled(visit, '/sessions?sort=title');
      const before = (await center.get('/api/v1/sessions')).total;
      await list.getByRole('button', { name: 'Choose' }).click();
      const rows = list.locator('tbody .row').filter({ hasNotText: ':main' });
      await rows.nth(0).locator('[data-choose]').check();
      await rows.nth(1).locator('[data-choose]').check();
      await expectText(list.getByRole('toolbar', { name: 'Chosen sessions' }), '2 chosen');
      await list.getByRole('button', { name: 'Delete…' }).click();
      await dialog(list).getByRole('button', { name: 'Delete 2 sessions' }).click();
      await expectText(dialog(list), '2 done');
      await expectEqual('two are gone', async () => (await center.get('/api/v1/sessions')).total, before - 2);
    });
  }));

const job = (id, over) => ({ gateway: 'default', id, agentId: null, name: id, enabled: true, schedule: { kind: 'every', everyMs: 3_600_000 }, nextRunAt: Date.now() + 60_000,
  runningSince: null, lastRunAt: Date.now() - 60_000, lastStatus: 'ok', lastError: null, lastDurationMs: 900, consecutiveErrors: 0, version: 1, ...over });

await check('schedule: what fails stands first, times are in words and in the zone of the viewer, hostile names are text', () =>
  within(oneOperated({ agents: 3 }), async ({ center }) => {
    const items = [
      job('plain', {}),
      job('bad', { name: '<img src=x onerror=alert(1)>', schedule: { kind: 'cron', expr: '0 7 * * 1-5', tz: 'Europe/Berlin' }, lastStatus: 'error', lastError: 'Channel is required', consecutiveErrors: 3 }),
      job('off', { enabled: false, nextRunAt: null }),
    ];
    for (const options of [{}, { size: phone, theme: 'dark', mobile: true }]) {
      await visiting(center, options, async (visit) => {
        await visit.context.route('**/api/v1/cron?**', (route) => route.fulfill({ json: { items, total: 3, next: null, cursor: 'aaaaaaaa-1' } }));
        await visit.context.route('**/runs', (route) => route.fulfill({ json: { items: [], total: 0, next: null, cursor: 'aaaaaaaa-1' } }));
        const page = await visit.open('/schedule');
        const cards = page.getByRole('article');
        await expectEqual('the order', () => cards.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), ['<img src=x onerror=alert(1)>', 'plain', 'off']);
        await expectText(cards.first(), 'Monday to Friday at 07:00 (Europe/Berlin)');
        await expectText(cards.first(), '3 times in a row');
        await cards.first().getByRole('button', { expanded: false }).first().click();
        await expectEqual('five times to come', () => cards.first().locator('.times time').count(), 5);
        const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(scrollWidth <= clientWidth, `${scrollWidth} wide in a window of ${clientWidth}`);
      });
    }
  }));

await check('commands: all that was told stands there, with what became of it', () =>
  within(oneOperated({ agents: 3 }), async (scene) => {
    const { center } = scene;
    await runs(scene, 1);
    await visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await page.getByRole('button', { name: 'Stop everything' }).click();
      await dialog(page).getByRole('button', { name: 'Stop everything' }).click();
      await expectText(dialog(page), 'done');
      await page.goto('/commands');
      await expectText(page.locator('#content'), 'stop everything');
      await expectText(page.locator('#content'), '1 session stopped.');
    });
  }));
