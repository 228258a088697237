import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { entryNumbers, expectEqual, expectText, heading, journalOf } from './looking.mjs';
import { oneGateway, within } from './scenes.mjs';

const pathOf = ({ gateway, key }) => `/sessions/${encodeURIComponent(gateway)}/${encodeURIComponent(key)}`;

await check('session: what it is, each of its runs, and what happened to it, as it happens', () =>
  within(oneGateway({ agents: 4, sessions: 12 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const key = 'agent:main:check';
      await simulator.post('sessions', { op: 'create', key, agentId: 'main', label: 'Check the stock' });
      await center.until('it is there', 'sessions', key, (row) => row !== null);
      const page = await visit.open(pathOf({ gateway: 'default', key }));
      await heading(page, 'Check the stock');
      await expectText(page.getByRole('region', { name: 'Status' }), 'never ran');

      for (const outcome of ['failed', 'done']) {
        await simulator.post('run', { sessionKey: key, durationMs: 300, outcome });
        await expectText(page.getByRole('region', { name: 'Status' }), outcome);
      }
      const row = await center.row('sessions', key);
      const outcomes = () => page.getByRole('table', { name: 'Latest runs' }).locator('tbody tr').evaluateAll((rows) => rows.map(({ cells }) => cells[0].innerText.trim()));
      await expectEqual('the runs, the latest first', outcomes, ['done', 'failed']);
      const facts = page.locator('dl').first();
      await expectText(facts, row.key);
      await expectText(facts, row.sessionId);
      await expectText(facts, 'tokens · $');
      await expectText(page.getByRole('table', { name: 'Latest runs' }), row.inputTokens.toLocaleString('en-US'));
      await expectEqual('the timeline is the journal', () => entryNumbers(page), await journalOf(center, `session=${encodeURIComponent(`default/${key}`)}`));

      await simulator.post('sessions', { op: 'delete', key });
      await page.getByText('There is no session').waitFor();
      assert.ok((await entryNumbers(page)).length > 0, 'what happened to it still stands');
    })));

await check('session: who spawned it and whom it spawned', () =>
  within(oneGateway({ agents: 4, sessions: 12 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const { items: [child] } = await center.get('/api/v1/sessions?parentKey=agent:main:main&limit=1');
      assert.ok(child, 'the simulator has a session that another spawned');
      const parent = await center.row('sessions', child.parentKey);
      const page = await visit.open(pathOf(child));
      await heading(page, child.title);
      await page.locator('section').filter({ hasText: 'Spawned by' }).getByRole('link', { name: parent.title }).click();
      await page.waitForURL(`**${pathOf(parent)}`);
      const children = page.getByRole('table', { name: 'Children of this session' });
      await children.getByRole('link', { name: child.title }).first().waitFor();
      await simulator.post('sessions', { op: 'create', key: 'agent:main:late', agentId: 'main', label: 'A late child' });
      await children.getByRole('link', { name: 'A late child' }).waitFor();
    })));

await check('sessions: the context in use is a bar, and a cost that is not known is said to be unknown', () =>
  within(oneGateway({ agents: 4, sessions: 40 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const { items } = await center.get('/api/v1/sessions?limit=100');
      const without = items.find(({ costUsd }) => costUsd === null);
      const used = items.find(({ totalTokens, contextTokens }) => totalTokens > 0 && contextTokens > 0);
      const page = await visit.open(`/sessions?q=${encodeURIComponent(without.key)}`);
      await expectText(page.getByRole('table', { name: 'Sessions' }), 'unknown');
      await page.goto(`/sessions?q=${encodeURIComponent(used.key)}`);
      const share = Math.min(100, Math.round((100 * used.totalTokens) / used.contextTokens));
      await expectEqual('the bar', () => page.getByRole('meter').first().getAttribute('aria-valuenow'), String(share));
    })));
