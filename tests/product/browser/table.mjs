import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { visiting } from './browser.mjs';
import { agentRow, expectAgents, expectEqual, expectText, heading } from './looking.mjs';
import { oneGateway, oneIsBlocked, within } from './scenes.mjs';

const table = (page) => page.getByRole('table', { name: 'Agents' });
const order = (page) => table(page).locator('a[data-row]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

/** Makes the agent fail, so that what hurts first moves it to the top. */
async function fail(center, simulator, id) {
  await simulator.post('run', { agentId: id, durationMs: 20, outcome: 'failed' });
  await until('it failed', async () => (await center.row('agents', id)).status === 'error');
}

await check('table: nothing is sorted anew under the pointer or the focus, and rows change in their places', () =>
  within(oneGateway({ agents: 6 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await expectAgents(page, 6);
      const before = await order(page);
      const [{ id: first, name: firstName }, { id: second, name: secondName }] = (await center.get('/api/v1/agents?sort=-name&status=idle')).items;

      await table(page).locator('tbody .row').first().hover();
      await fail(center, simulator, first);
      await expectText(agentRow(page, firstName), 'error');
      await page.getByRole('button', { name: /Order held/ }).waitFor();
      assert.deepEqual(await order(page), before, 'the pointer holds it');
      await page.mouse.move(5, 5);
      await expectEqual('what hurts comes first', async () => (await order(page))[0], `/agents/default/${first}`);

      const focused = (await order(page))[2];
      await table(page).locator(`a[data-row][href="${focused}"]`).focus();
      const held = await order(page);
      await fail(center, simulator, second);
      await expectText(agentRow(page, secondName), 'error');
      assert.deepEqual(await order(page), held, 'the focus holds it');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), focused, 'and stays where it is');
      await page.getByRole('button', { name: /Order held/ }).click();
      await page.mouse.move(5, 5);
      await expectEqual('asked for, it is sorted', async () => new Set((await order(page)).slice(0, 2)).has(`/agents/default/${second}`), true);
    })));

await check('table: of thousands only what the window shows is there, and one walks to both ends', () =>
  within(oneGateway({ agents: 1_200, sessions: 1_200 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/?sort=name');
      await heading(page, 'Fleet');
      await expectEqual('all are counted', () => table(page).getAttribute('aria-rowcount'), '1201');
      const rows = table(page).locator('tbody .row');
      assert.ok((await rows.count()) < 60, `${await rows.count()} rows are in the page`);
      const { items: [last] } = await center.get('/api/v1/agents?sort=-name&limit=1');
      await table(page).locator('a[data-row]').first().focus();
      await page.keyboard.press('End');
      await expectEqual('the last has the focus', () => page.evaluate(() => document.activeElement.getAttribute('href')), `/agents/default/${encodeURIComponent(last.id)}`);
      await page.keyboard.press('Home');
      await expectEqual('the first', () => page.evaluate(() => document.activeElement.closest('tr').getAttribute('aria-rowindex')), '2');
    })));

await check('table: order, groups, density and columns are in the address, which shows them again', () =>
  within(oneIsBlocked(), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const heads = (tab) => table(tab).locator('thead th').allInnerTexts();
      const height = async (tab) => (await table(tab).locator('tbody .row').first().boundingBox()).height;
      const roomy = await height(page);
      const choose = async (role, name) => {
        await page.getByRole('button', { name: 'View', exact: true }).click();
        await page.getByRole(role, { name }).click();
        await page.keyboard.press('Escape');
      };
      await choose('menuitemcheckbox', 'Gateway');
      await page.waitForURL(/group=gateway/);
      await table(page).locator('.group').first().waitFor();
      await choose('menuitemcheckbox', 'Compact');
      await page.waitForURL(/density=compact/);
      await choose('menuitemcheckbox', 'Sessions');
      await choose('menuitemcheckbox', 'Why');
      await page.waitForURL(/columns=/);
      await table(page).getByRole('button', { name: 'Agent' }).click();
      await page.waitForURL(/sort=name/);

      const again = await visit.open(page.url());
      await heading(again, 'Fleet');
      for (const tab of [page, again]) {
        await tab.bringToFront();
        await expectEqual('columns', async () => (await heads(tab)).filter((head) => head === 'Sessions' || head === 'Why'), ['Sessions']);
        await expectEqual('compact', async () => (await height(tab)) < roomy, true);
        await expectEqual('ordered by name', () => table(tab).getByRole('columnheader', { name: 'Agent' }).getAttribute('aria-sort'), 'ascending');
        await expectText(table(tab).locator('.group').first(), 'office');
      }
    })));

await check('table: a strip tells the activity of each row, and grows with it', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const [{ id, name }] = (await center.get('/api/v1/agents')).items;
      const told = async () => Number(/(\d+) change/.exec(await agentRow(page, name).getByRole('img').getAttribute('aria-label'))[1]);
      const counted = async () => {
        const { items } = await center.get('/api/v1/activity');
        return (items.find((item) => item.id === id)?.counts ?? []).reduce((sum, n) => sum + n, 0);
      };
      await expectEqual('as the API counts', told, await counted());
      await simulator.post('run', { agentId: id, durationMs: 20 });
      await expectEqual('and as it goes on', async () => [(await told()) > 1, (await told()) - (await counted())], [true, 0]);
    })));
