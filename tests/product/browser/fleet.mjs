import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { visiting } from './browser.mjs';
import { agentRow, chip, expectEqual, expectText, heading } from './looking.mjs';
import { oneGateway, oneIsBlocked, within } from './scenes.mjs';

const statuses = ['error', 'stalled', 'waiting', 'unknown', 'offline', 'working', 'idle'];

await check('fleet: the chips count what the API counts, and filter; the address says so and shows it again', () =>
  within(oneGateway({ agents: 30, scenario: 'incident', events: 20 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await until('something runs', async () => (await center.get('/api/v1/agents?status=working')).total > 0);
      await simulator.post('rate', { events: 0 });
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await expectEqual('chips', () => Promise.all(statuses.map((status) => chip(page, status))),
        await center.get('/api/v1/fleet').then(({ counts }) => statuses.map((status) => counts.agents[status])));

      const idle = page.getByRole('button', { name: 'idle' });
      await idle.click();
      await page.waitForURL('**/?status=idle');
      await expectEqual('the chip is pressed', () => idle.getAttribute('aria-pressed'), 'true');
      const { total } = await center.get('/api/v1/agents?status=idle');
      await expectText(page.locator('#content'), `${total} of 30 agents`);

      const again = await visit.open(page.url());
      await heading(again, 'Fleet');
      await expectText(again.locator('#content'), `${total} of 30 agents`);
      await again.close();

      await page.goBack();
      await page.waitForURL((url) => url.search === '');
      await expectText(page.locator('#content'), '30 agents');
      await expectEqual('the chip is not pressed', () => idle.getAttribute('aria-pressed'), 'false');

      await page.getByRole('searchbox', { name: 'Find agents' }).fill('no agent is called this');
      await page.getByText('No agents match').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await expectText(page.locator('#content'), '30 agents');
    })));

await check('fleet: what happens at the gateway is on the page, without being asked for', () =>
  within(oneGateway({ agents: 5 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await page.getByText('All clear').waitFor();
      const [{ id, name }] = (await center.get('/api/v1/agents')).items;
      await simulator.post('run', { agentId: id, durationMs: 100, outcome: 'failed' });
      await expectText(agentRow(page, name), 'error');
      await expectEqual('the chip counts it', () => chip(page, 'error'), 1);
      await page.getByText('All clear').waitFor({ state: 'detached' });
      await simulator.post('agents', { op: 'create', id: 'newcomer', name: 'Newcomer' });
      await agentRow(page, 'Newcomer').waitFor();
      await simulator.post('agents', { op: 'delete', id: 'newcomer' });
      await agentRow(page, 'Newcomer').waitFor({ state: 'detached' });
    })));

await check('fleet: what just happened can be paused, and counts what it holds back', () =>
  within(oneGateway({ agents: 5 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const list = page.getByRole('region', { name: 'Happening now' });
      await list.getByText('No problems lately').waitFor();
      await list.getByRole('button', { name: 'All', exact: true }).click();
      const [{ id }] = (await center.get('/api/v1/agents')).items;
      await simulator.post('run', { agentId: id, durationMs: 50 });
      await expectEqual('something happened', async () => (await list.locator('li:not(.nothing)').count()) > 0, true);
      await list.getByRole('button', { name: 'Pause' }).click();
      await page.mouse.move(5, 5);
      await page.evaluate(() => document.activeElement.blur());
      const held = await list.locator('ol').innerText();
      await simulator.post('run', { agentId: id, durationMs: 50, outcome: 'failed' });
      await list.getByText(/^\+\d+ new$/).waitFor();
      const sentences = (text) => text.replaceAll(/\d+ ?(s|min|h) ago|now/g, '');
      assert.equal(sentences(await list.locator('ol').innerText()), sentences(held));
      await list.getByRole('button', { name: 'Resume' }).click();
      await page.mouse.move(5, 5);
      await page.evaluate(() => document.activeElement.blur());
      // The end of the run and the agent's state come in one entry or in two: then the second tells it.
      await list.getByText(/(failed|is in error)/).first().waitFor();
      await list.getByText(/new$/).waitFor({ state: 'detached' });
    })));

await check('fleet: what an agent works on is read in full, without a key, and leads to the session', () =>
  within(oneGateway({ agents: 5 }), ({ center, simulator }) =>
    visiting(center, { size: { width: 1280, height: 800 } }, async (visit) => {
      const title = 'Reconcile the supplier invoices of the last quarter with the bank';
      const key = 'agent:main:invoices';
      await simulator.post('sessions', { op: 'create', key, agentId: 'main', label: title });
      await center.until('it is there', 'sessions', key, (row) => row !== null);
      await simulator.post('run', { sessionKey: key, durationMs: 3_600_000 });
      await center.until('it works', 'agents', 'main', (row) => row.status === 'working');
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const { name } = await center.row('agents', 'main');
      const why = agentRow(page, name).getByRole('link', { name: title });
      for (const width of [1280, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await expectEqual(`whole at ${width}`, () => why.evaluate((box) => box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth), true);
        assert.ok(!(await why.innerText()).includes(key), 'no key');
      }
      await why.click();
      await heading(page, title);
    })));

await check('fleet: of two gateways one is blocked: what to do about it stands there, the other goes on', () =>
  within(oneIsBlocked(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const { items } = await center.get('/api/v1/gateways');
      const lab = items.find(({ name }) => name === 'lab');
      const strip = page.getByRole('region', { name: 'Gateways' });
      const cell = strip.getByRole('article').filter({ hasText: 'lab' });
      await expectText(cell, 'blocked');
      await expectText(strip, lab.detail);
      await expectText(strip, lab.action);
      await strip.getByRole('button', { name: /copy/i }).waitFor();
      await expectEqual('the agents of the other gateway are shown as ever', async () => (await chip(page, 'idle')) > 0, true);
    })));

await check('fleet: the last hour tells runs that ended well from those that failed', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      for (const outcome of ['done', 'failed', 'done']) {
        const key = `agent:main:${outcome}${Math.random()}`;
        await simulator.post('sessions', { op: 'create', key, agentId: 'main', label: 'Work' });
        await simulator.post('run', { sessionKey: key, durationMs: 50, outcome });
        await center.until(outcome, 'sessions', key, (row) => row?.status === outcome);
      }
      const strip = agentRow(page, 'Main').getByRole('img', { name: /^Activity in the last hour/ });
      const told = async () => /: (.*), \d+ change/.exec(await strip.getAttribute('aria-label'))[1];
      const { items } = await center.get('/api/v1/activity');
      const main = items.find(({ id }) => id === 'main');
      const [done, failed] = [main.done, main.failed].map((minutes) => minutes.reduce((all, n) => all + n, 0));
      assert.equal(failed, 1);
      await expectEqual('counted from the stream', told, `${done + 1} runs ended, 1 failed`);
      await page.reload();
      await expectEqual('and by the server', told, `${done + 1} runs ended, 1 failed`);
      assert.ok(await strip.locator('.bad').getAttribute('d'), 'the failure has a bar');
    })));
