import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { visiting } from './browser.mjs';
import { entryNumbers, expectEqual, expectText, heading, journalOf } from './looking.mjs';
import { oneGateway, oneIsBlocked, within } from './scenes.mjs';

/** So many sessions come into being: each at least one entry. */
async function happen(center, simulator, count, prefix = 'a', gateway = 'default') {
  for (let i = 0; i < count; i += 1) await simulator.post('sessions', { op: 'create', key: `agent:main:${prefix}${i}`, agentId: 'main', label: `${prefix}${i}` });
  await until('all of it has come', async () => (await center.row('sessions', `agent:main:${prefix}${count - 1}`, gateway)) !== null);
}

/** The numbers of the entries that say how gateways stand: by themselves, or at the end of a sync. */
async function connectionsOf(center, filter = '') {
  const { events } = await center.get(`/api/v1/events?limit=1000&types=gateway.update,fleet.update${filter}`);
  return events.filter(({ cause, gateways }) => gateways || cause === 'connection' || cause === 'gap').map(({ seq }) => seq).reverse();
}

await check('activity: the journal by kind, gateway and agent; the address says so and shows it again', () =>
  within(oneIsBlocked(), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await happen(center, simulator, 3, 'a', 'office');
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      await expectEqual('all of it', () => entryNumbers(page), await journalOf(center));

      await page.getByRole('button', { name: 'Connections' }).click();
      await page.waitForURL('**/activity?kind=gateway.update');
      await expectEqual('connections', () => entryNumbers(page), await connectionsOf(center));
      await page.getByRole('button', { name: 'Gateway', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: 'lab' }).click();
      await page.waitForURL(/gateway=lab/);
      await page.keyboard.press('Escape');
      await expectEqual('connections of one gateway', () => entryNumbers(page), await connectionsOf(center, '&gateway=lab'));

      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('button', { name: 'Agent', exact: true }).click();
      await page.getByRole('combobox').fill('main');
      await page.keyboard.press('Enter');
      await page.waitForURL(/agent=office/);
      const ofAgent = await journalOf(center, `agent=${encodeURIComponent('office/main')}`);
      assert.ok(ofAgent.length > 0);
      await expectEqual('one agent', () => entryNumbers(page), ofAgent);

      const again = await visit.open(page.url());
      await heading(again, 'Activity');
      await expectEqual('the link shows the same', () => entryNumbers(again), ofAgent);
      await page.goBack();
      await expectEqual('and back', () => entryNumbers(page), await journalOf(center));
    })));

await check('activity: older entries come as one scrolls, each once', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await happen(center, simulator, 260);
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      const all = await journalOf(center);
      assert.ok((await entryNumbers(page)).length < all.length, 'not all of it at once');
      await expectEqual('all of it in the end', async () => {
        await page.evaluate(() => { scrollTo(0, document.body.scrollHeight); });
        return entryNumbers(page);
      }, all);
    })));

await check('activity: an entry in full, its link, and the entry among its neighbours', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await happen(center, simulator, 150);
      const all = await journalOf(center);
      const wanted = all[40];
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      await page.getByRole('button', { name: `Entry ${wanted} in full` }).click();
      const told = JSON.parse(await page.locator('pre').innerText());
      const { events: [kept] } = await center.get(`/api/v1/events?after=${told.epoch}-${wanted - 1}&limit=1`);
      assert.deepEqual(told, kept);

      const entry = page.locator('li.entry').filter({ has: page.getByRole('button', { name: `Entry ${wanted} in full` }) });
      await entry.locator('a.time').click();
      await page.waitForURL(`**/activity?cursor=${told.epoch}-${wanted}`);
      const again = await visit.open(page.url());
      const marked = again.locator('li.marked');
      await expectText(marked, String(wanted));
      await expectEqual('it can be seen', () => marked.evaluate((row) => { const { top, bottom } = row.getBoundingClientRect(); return top > 56 && bottom < innerHeight; }), true);
      await expectEqual('older and newer ones stand around it', async () => {
        const shown = await entryNumbers(again);
        return [wanted - 30, wanted + 30].filter((seq) => shown.includes(seq));
      }, [wanted - 30, wanted + 30]);

      await again.getByRole('link', { name: 'Latest' }).click();
      await expectEqual('the latest', async () => (await entryNumbers(again))[0], all[0]);
    })));

await check('activity: a jump to a time shows what happened then', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await happen(center, simulator, 5);
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      const { events } = await center.get('/api/v1/events');
      const second = Math.floor(events.at(-1).at / 1_000) * 1_000;
      const field = new Date(second - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');
      await page.getByLabel('Go to a time').fill(field);
      await page.getByRole('button', { name: 'Go', exact: true }).click();
      await page.waitForURL(`**/activity?at=${second}`);
      await expectText(page.locator('li.marked'), String(events.find(({ at }) => at >= second).seq));

      await page.goto(`/activity?at=${Date.now() + 3_600_000}`);
      await heading(page, 'Activity');
      await happen(center, simulator, 1, 'later');
      await expectText(page.locator('#content'), 'later0');

      await page.goto('/activity?cursor=zzzzzzzz-1');
      await page.getByText('This part of the journal is gone').waitFor();
    })));

await check('activity: only problems, each told once, and what is searched for', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await happen(center, simulator, 120);
      await simulator.post('run', { agentId: 'main', durationMs: 50, outcome: 'failed' });
      await until('it failed', async () => (await center.row('agents', 'main')).status === 'error');
      await simulator.post('run', { agentId: 'main', durationMs: 50 });
      await until('it is well again', async () => (await center.row('agents', 'main')).status === 'idle');
      await happen(center, simulator, 3, 'b');
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      await page.getByRole('button', { name: 'Problems only' }).click();
      await page.waitForURL('**/activity?show=problems');
      const sentences = async () => (await page.locator('li.entry .told').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
      await expectEqual('one failure, one recovery', async () => (await sentences()).filter((text) => /failed|recovered/.test(text)).length, 2);
      await expectEqual('nothing that is none', async () => (await sentences()).filter((text) => /session changed|started/.test(text)), []);

      await page.goto('/activity');
      await page.getByRole('searchbox', { name: 'Search the journal' }).fill('a17');
      await page.waitForURL('**/activity?q=a17');
      await expectEqual('what is searched for', async () => (await page.locator('li.entry').count()) > 0 && (await page.locator('li.entry').filter({ hasNotText: 'a17' }).count()) === 0, true);
    })));

await check('activity: paused it stands still and counts; under the pointer too', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      const before = await journalOf(center);
      await expectEqual('all of it until then', () => entryNumbers(page), before);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.mouse.move(5, 5);
      await happen(center, simulator, 4);
      await page.getByRole('button', { name: /^\+\d+ new$/ }).waitFor();
      assert.deepEqual(await entryNumbers(page), before);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.mouse.move(5, 5);
      await expectEqual('all of it afterwards', () => entryNumbers(page), await journalOf(center));

      await page.locator('li.entry').first().hover();
      const held = await entryNumbers(page);
      await happen(center, simulator, 2, 'b');
      await page.getByRole('button', { name: /^\+\d+ new$/ }).waitFor();
      assert.deepEqual(await entryNumbers(page), held);
      await page.mouse.move(5, 5);
      await expectEqual('all of it without the pointer', () => entryNumbers(page), await journalOf(center));
    })));

await check('activity: a session that is gone is told by its title, also where only the journal knows it', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const key = 'agent:main:gone';
      await simulator.post('sessions', { op: 'create', key, agentId: 'main', label: 'Water the plants' });
      await center.until('it is there', 'sessions', key, (row) => row !== null);
      await happen(center, simulator, 150);
      await simulator.post('sessions', { op: 'delete', key });
      await center.until('it is gone', 'sessions', key, (row) => row === null);
      const page = await visit.open('/activity');
      await heading(page, 'Activity');
      await expectText(page.locator('li.entry').filter({ hasText: 'session deleted' }), 'Water the plants');
    })));
