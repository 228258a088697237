import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { visiting } from './browser.mjs';
import { agentRow, chip, entryNumbers, expectAgents, expectEqual, expectText, heading, journalLines, journalOf, shownStatuses, toldStatuses } from './looking.mjs';
import { Network } from './network.mjs';
import { isLive, oneGateway, oneIsBlocked, startAgain, within } from './scenes.mjs';

const statuses = ['error', 'stalled', 'waiting', 'unknown', 'offline', 'working', 'idle'];

/** What the page shows of the fleet is what the server holds. */
async function showsTheFleet(page, center) {
  await expectEqual('the page and the API agree', async () => {
    const { counts } = await center.get('/api/v1/fleet');
    const shown = await Promise.all(statuses.map((status) => chip(page, status)));
    return shown.map((count, i) => [statuses[i], count - counts.agents[statuses[i]]]);
  }, statuses.map((status) => [status, 0]));
}

await check('restart: killed in the middle of a storm and started again, nothing is lost or doubled on the page', () =>
  within(oneGateway({ agents: 3, sessions: 20, scenario: 'storm', events: 200 }), async (scene) => {
    const { simulator } = scene;
    const agent = (await scene.center.get('/api/v1/agents?sort=-sessions&limit=1')).items[0];
    const ofAgent = `agent=${encodeURIComponent(`${agent.gateway}/${agent.id}`)}`;
    await visiting(scene.center, {}, async (visit) => {
      const fleet = await visit.open('/');
      await heading(fleet, 'Fleet');
      const page = await visit.open(`/agents/${agent.gateway}/${encodeURIComponent(agent.id)}`);
      await until('its timeline moves', async () => (await entryNumbers(page)).length > 10);
      const first = (await entryNumbers(page)).at(-1);
      for (let round = 0; round < 2; round += 1) {
        const before = (await scene.center.get('/api/v1/status')).journal.entries;
        scene.center.process.kill('SIGKILL');
        await scene.center.exited;
        await fleet.bringToFront();
        await expectText(fleet.locator('header'), 'Lost');
        await fleet.getByText('What you see may be old').waitFor();
        await expectAgents(fleet, 3, 'the last known state stays');
        scene.center = await startAgain(scene.center, simulator);
        visit.center = scene.center;
        await expectText(fleet.locator('header'), 'Live', 40_000);
        await fleet.getByText('What you see may be old').waitFor({ state: 'detached' });
        await isLive(scene.center);
        await until('the journal goes on', async () => (await scene.center.get('/api/v1/status')).journal.entries > before + 60);
      }
      await simulator.post('rate', { events: 0 });
      await showsTheFleet(fleet, scene.center);
      await page.bringToFront();
      const wanted = await journalOf(scene.center, ofAgent, first);
      assert.ok(wanted.length > 30, `only ${wanted.length} entries to look at`);
      await expectEqual('the timeline is the journal', async () => {
        const shown = await entryNumbers(page);
        // One that fell far behind in the background starts over, and reads what is older when somebody scrolls there.
        const kept = (await journalOf(scene.center, ofAgent, first)).filter((seq) => seq >= shown.at(-1));
        return {
          lost: kept.filter((seq) => !shown.includes(seq)),
          doubled: shown.filter((seq, i) => shown.indexOf(seq) !== i),
          invented: shown.filter((seq) => seq >= first && !kept.includes(seq)),
          some: shown.length > 30,
          inOrder: (await journalLines(page)).map(([first]) => first).every((seq, i, all) => i === 0 || seq < all[i - 1]),
        };
      }, { lost: [], doubled: [], invented: [], some: true, inOrder: true });
    });
  }));

await check('reset: where the journal cannot be continued the page starts over and shows what there is now', () =>
  within(oneGateway({ agents: 8 }), async (scene) => {
    await visiting(scene.center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await scene.simulator.post('agents', { op: 'create', id: 'later', name: 'Later' });
      await agentRow(page, 'Later').waitFor();
      scene.center.process.kill('SIGKILL');
      await scene.center.exited;
      await scene.simulator.post('agents', { op: 'delete', id: 'later' });
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(scene.center.dir, `control-center.db${suffix}`), { force: true });
      scene.center = await startAgain(scene.center, scene.simulator);
      visit.center = scene.center;
      await isLive(scene.center);
      await expectText(page.locator('header'), 'Live', 40_000);
      await agentRow(page, 'Later').waitFor({ state: 'detached' });
      await showsTheFleet(page, scene.center);
    });
  }));

await check('gateway lost: its agents are unknown within seconds, with their last state kept, and come back', () =>
  within(oneGateway({ agents: 6 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await expectEqual('none is unknown', () => chip(page, 'unknown'), 0);
      await simulator.post('rest', { mode: 'off' });
      await simulator.post('fault', { kind: 'refuse', error: 'unavailable', closeCode: 1013 }).catch(() => {});
      await simulator.post('fault', { kind: 'drop' });
      await expectEqual('all are unknown', () => chip(page, 'unknown'), 6, 20_000);
      await expectAgents(page, 6);
      await expectText(page.locator('header'), 'Live');
      await simulator.post('fault', { kind: 'none' });
      await expectEqual('all are back', () => chip(page, 'unknown'), 0, 60_000);
    })));

await check('gateway lost: every row of a quiet gateway follows its loss and its return, and so does an agent\'s page', () =>
  within(oneIsBlocked(), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const { items: [{ id }] } = await center.get('/api/v1/agents?gateway=office&limit=1');
      const fleet = await visit.open('/');
      await heading(fleet, 'Fleet');
      const agent = await visit.open(`/agents/office/${encodeURIComponent(id)}`);
      const status = () => agent.getByRole('region', { name: 'Status' }).locator('span[data-status]').innerText();
      const agree = async (what) => {
        const told = await toldStatuses(center);
        assert.ok(Object.keys(told).length >= 4, 'there are rows to look at');
        await fleet.bringToFront();
        await expectEqual(`rows ${what}`, () => shownStatuses(fleet), told);
        await agent.bringToFront();
        await expectEqual(`the agent's page ${what}`, status, told[`/agents/office/${encodeURIComponent(id)}`]);
      };
      const agentVersions = async () => (await center.get('/api/v1/agents?gateway=office&limit=1000')).items.map(({ version }) => version);
      const quiet = await agentVersions();
      await agree('before');

      await simulator.post('rest', { mode: 'off' });
      await simulator.post('fault', { kind: 'refuse', error: 'unavailable', closeCode: 1013 }).catch(() => {});
      await simulator.post('fault', { kind: 'drop' });
      await center.until('office is lost', 'gateway', 'office', (row) => row.state !== 'live');
      await expectEqual('the API says so', async () => new Set(Object.values(await toldStatuses(center))).has('unknown'), true);
      await agree('without it');

      await simulator.post('fault', { kind: 'none' });
      await isLive(center, 'office', 60_000);
      await agree('with it again');
      assert.deepEqual(await agentVersions(), quiet, 'no agent changed, so that only the gateway can have moved the rows');
    })));

await check('network: a machine that slept while the network went away sees that it is out of date, and catches up', () =>
  within(oneGateway({ agents: 6 }), async ({ center, simulator }) => {
    const network = await Network.to(center.url);
    // Without a shared worker, whose clock no check can turn.
    const prepare = () => { delete window.SharedWorker; };
    await visiting({ url: network.url, token: center.token }, { prepare }, async (visit) => {
      const page = await visit.context.newPage();
      await page.clock.install();
      await page.goto('/');
      await heading(page, 'Fleet');
      network.freeze();
      await simulator.post('agents', { op: 'create', id: 'later', name: 'Later' });
      await center.until('the server knows', 'agents', 'later', (row) => row !== null);
      await page.clock.fastForward(60_000);
      await expectText(page.locator('header'), 'Lost');
      await page.getByText('What you see may be old').waitFor();
      await expectAgents(page, 6, 'what was known stays');
      network.thaw();
      await page.clock.fastForward(60_000);
      await expectText(page.locator('header'), 'Live', 40_000);
      await agentRow(page, 'Later').waitFor();
      await showsTheFleet(page, center);
    });
    network.end();
  }));
