// What a browser remembers by itself: pins, saved views, notes, mutes. And what it saves as a file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { expectAgents, expectEqual, expectText, heading } from './looking.mjs';
import { oneGateway, within } from './scenes.mjs';

const order = (page) => page.getByRole('table', { name: 'Agents' }).locator('a[data-row]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

async function choose(page, menu, role, name) {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole(role, { name }).click();
}

await check('kept: a pinned agent stands on top, also in another tab and after a reload, until it is unpinned', () =>
  within(oneGateway({ agents: 6 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const fleet = await visit.open('/');
      await heading(fleet, 'Fleet');
      await expectAgents(fleet, 6);
      const href = (await order(fleet)).at(-1);
      const last = await center.row('agents', decodeURIComponent(href.split('/').at(-1)));
      const agent = await visit.open(href);
      await agent.getByRole('button', { name: `Pin ${last.name}` }).click();
      await fleet.bringToFront();
      await expectEqual('it comes to the top', async () => (await order(fleet))[0], href);
      await fleet.reload();
      await expectEqual('and stays there', async () => (await order(fleet))[0], href);
      await agent.bringToFront();
      await agent.getByRole('button', { name: `Pin ${last.name}` }).click();
      await fleet.bringToFront();
      await expectEqual('until it is unpinned', async () => (await order(fleet))[0] === href, false);
    })));

await check('kept: a view is saved under a name, opened again, and removed', () =>
  within(oneGateway({ agents: 6 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/?status=idle&sort=-sessions');
      await heading(page, 'Fleet');
      await choose(page, 'Saved views', 'menuitem', 'Save this view');
      await page.getByRole('textbox', { name: 'Name of the view' }).fill('Idle, busiest first');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      const again = await visit.open('/');
      await heading(again, 'Fleet');
      await choose(again, 'Saved views', 'menuitemcheckbox', 'Idle, busiest first');
      await again.waitForURL('**/?status=idle&sort=-sessions');
      await choose(again, 'Saved views', 'menuitem', 'Remove “Idle, busiest first”');
      await again.getByRole('button', { name: 'Saved views' }).click();
      await again.getByRole('menuitem', { name: 'Save this view' }).waitFor();
      assert.equal(await again.getByRole('menuitemcheckbox').count(), 0);
    })));

await check('kept: the list as it stands is saved as CSV, all of it', () =>
  within(oneGateway({ agents: 60 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/?sort=name');
      await heading(page, 'Fleet');
      const [file] = await Promise.all([page.waitForEvent('download'), choose(page, 'View', 'menuitem', 'Download as CSV')]);
      assert.equal(file.suggestedFilename(), 'agents.csv');
      const lines = readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n');
      const { items } = await center.get('/api/v1/agents?sort=name&limit=1000');
      assert.deepEqual(lines.slice(1).map((line) => line.split(',').slice(0, 2)), items.map(({ gateway, id }) => [gateway, id]));
    })));

await check('kept: a muted agent calls nobody, and a note stands beside its name', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await simulator.post('run', { agentId: 'main', durationMs: 50, outcome: 'failed' });
      await center.until('it failed', 'agents', 'main', (row) => row?.status === 'error');
      const page = await visit.open('/agents/default/main');
      await page.getByRole('region', { name: 'Status' }).waitFor();
      await expectEqual('it calls', async () => (await page.title()).startsWith('(1)'), true);
      await choose(page, 'Mute', 'menuitem', 'For 1 hour');
      await expectEqual('it calls no more', async () => (await page.title()).startsWith('('), false);
      await page.getByRole('textbox', { name: 'Note' }).fill('Ask Ada about its key');
      await page.keyboard.press('Enter');
      await page.goto('/');
      await expectText(page.getByRole('table', { name: 'Agents' }), 'muted · Ask Ada about its key');
      await page.goto('/agents/default/main');
      await choose(page, 'Muted', 'menuitem', /^Unmute$/);
      await expectEqual('it calls again', async () => (await page.title()).startsWith('(1)'), true);
    })));
