import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { expectEqual, expectText, heading } from './looking.mjs';
import { until } from '../../support/control_center.mjs';
import { oneGateway, within } from './scenes.mjs';

/** The addresses of the rows, as they stand there. */
const rowsOf = (page) =>
  page.getByRole('table', { name: 'Sessions' }).locator('a[data-row]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

/** The same from the API. */
async function wantedRows(center, query) {
  const { items } = await center.get(`/api/v1/sessions?limit=100&${query}`);
  return items.map(({ gateway, key }) => `/sessions/${encodeURIComponent(gateway)}/${encodeURIComponent(key)}`);
}

/** The table shows what the window has room for: a run of the rows, wherever it is scrolled to. */
async function showsRunOf(page, wanted) {
  await expectEqual('the rows are those of the API', async () => {
    const shown = await rowsOf(page);
    const from = wanted.indexOf(shown[0]);
    return shown.length > 0 && shown.every((href, i) => href === wanted[from + i]);
  }, true);
}

await check('sessions: found, filtered, ordered and paged by the server, and all of it is in the address', () =>
  within(oneGateway({ agents: 8, sessions: 260 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      await showsRunOf(page, await wantedRows(center, 'sort=attention,-updatedAt'));
      const content = page.locator('#content');
      await expectText(content, `${(await center.get('/api/v1/sessions?limit=1')).total} sessions`);

      await page.getByRole('button', { name: 'Context' }).click();
      await page.waitForURL('**/sessions?sort=-totalTokens');
      await showsRunOf(page, await wantedRows(center, 'sort=-totalTokens'));

      await page.getByRole('link', { name: 'Next' }).click();
      await page.waitForURL(/page=/);
      const second = (await center.get('/api/v1/sessions?limit=100&sort=-totalTokens')).next;
      await showsRunOf(page, await wantedRows(center, `sort=-totalTokens&page=${second}`));
      await page.getByRole('link', { name: 'Previous' }).click();
      await showsRunOf(page, await wantedRows(center, 'sort=-totalTokens'));

      const { facets } = await center.get('/api/v1/sessions?limit=1&facets=status');
      const [status, amount] = Object.entries(facets.status).find(([word]) => word !== 'null');
      await page.getByRole('toolbar', { name: 'Filter by status' }).getByRole('button').filter({ hasText: status }).click();
      await page.waitForURL(new RegExp(`status=${status}`));
      await expectText(content, `${amount} session`);
      await showsRunOf(page, await wantedRows(center, `sort=-totalTokens&status=${status}`));

      const again = await visit.open(page.url());
      await heading(again, 'Sessions');
      await showsRunOf(again, await wantedRows(center, `sort=-totalTokens&status=${status}`));
      await again.close();

      await page.getByRole('searchbox', { name: 'Find sessions' }).fill('no session is called this');
      await page.getByText('No sessions match').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await showsRunOf(page, await wantedRows(center, 'sort=-totalTokens'));
      assert.equal(new URL(page.url()).searchParams.get('status'), null);
    })));

await check('sessions: why one failed has a column, and is filtered by', () =>
  within(oneGateway({ agents: 3, sessions: 9 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await simulator.post('run', { agentId: 'main', durationMs: 50, outcome: 'failed' });
      const [failed] = await until('one failed', async () => {
        const { items } = await center.get('/api/v1/sessions?status=failed');
        return items.length > 0 && items[0].lastError ? items : null;
      });
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      const table = page.getByRole('table', { name: 'Sessions' });
      await expectText(table, failed.lastError);
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: failed.lastError }).click();
      await page.keyboard.press('Escape');
      await page.waitForURL(/lastError=/);
      const wanted = await center.get(`/api/v1/sessions?lastError=${encodeURIComponent(failed.lastError.replaceAll(',', '\\,'))}`);
      await expectText(page.locator('#content'), `${wanted.total} session`);
      assert.ok(wanted.total > 0);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
      assert.equal(file.suggestedFilename(), 'sessions.csv');
    })));

/** Runs that fail, one that waits, and the rows as the API says that they must stand. */
async function makeTrouble(center, simulator) {
  const { items: [failing, waiting] } = await center.get('/api/v1/agents?sort=-sessions&limit=2');
  await simulator.post('run', { agentId: failing.id, durationMs: 20, outcome: 'failed' });
  await simulator.post('run', { agentId: waiting.id, durationMs: 200, waiting: true });
  await center.until('one failed', 'agents', failing.id, (row) => row?.status === 'error');
  await center.until('one waits', 'agents', waiting.id, (row) => row?.status === 'waiting');
}

await check('sessions: problems come first, and say what they are', () =>
  within(oneGateway({ agents: 4, sessions: 60 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await makeTrouble(center, simulator);
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      const wanted = await wantedRows(center, 'sort=attention,-updatedAt');
      await showsRunOf(page, wanted);
      assert.equal((await rowsOf(page))[0], wanted[0]);
      const { items } = await center.get('/api/v1/sessions?sort=attention,-updatedAt&limit=10');
      const words = items.map(({ attention }) => attention);
      assert.deepEqual(words, words.toSorted((a, b) => 'error stalled waiting null'.indexOf(a) - 'error stalled waiting null'.indexOf(b)));
      const table = page.getByRole('table', { name: 'Sessions' });
      await expectText(table, 'Needs approval');
      assert.equal(await table.getByRole('columnheader', { name: 'Status' }).getAttribute('aria-sort'), 'ascending');
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: /^waiting/ }).click();
      await page.keyboard.press('Escape');
      await page.waitForURL(/attention=waiting/);
      await expectText(page.locator('#content'), 'needs attention: waiting');
    })));

await check('sessions: a new problem does not move the rows under the pointer; it comes up once that is gone', () =>
  within(oneGateway({ agents: 4, sessions: 60 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      await showsRunOf(page, await wantedRows(center, 'sort=attention,-updatedAt'));
      await page.getByRole('table', { name: 'Sessions' }).locator('tbody .row').nth(2).hover();
      const before = await rowsOf(page);
      await makeTrouble(center, simulator);
      await page.locator('[data-refresh]').waitFor();
      assert.deepEqual(await rowsOf(page), before);
      await page.mouse.move(0, 0);
      const [first] = await wantedRows(center, 'sort=attention,-updatedAt');
      await expectEqual('the problem is on top', async () => (await rowsOf(page))[0], first);
    })));

await check('sessions: those of the last hour, day or week are an address, and the API takes the same range', () =>
  within(oneGateway({ agents: 4, sessions: 120 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      const totalSince = async (ms) => (await center.get(`/api/v1/sessions?limit=1&updatedAt=${Date.now() - ms}..`)).total;
      const all = (await center.get('/api/v1/sessions?limit=1')).total;
      for (const [word, id, ms] of [['Last hour', '1h', 3_600_000], ['Last week', '7d', 604_800_000]]) {
        await page.getByRole('button', { name: /^Updated: / }).click();
        await page.getByRole('menuitemcheckbox', { name: word }).click();
        await page.waitForURL(`**/sessions?within=${id}`);
        await expectText(page.locator('#content'), `${await totalSince(ms)} session`);
      }
      assert.ok(await totalSince(3_600_000) < all, 'there are older ones');
      const again = await visit.open('/sessions?within=1h');
      await heading(again, 'Sessions');
      await expectText(again.locator('#content'), `${await totalSince(3_600_000)} session`);
      await again.getByRole('button', { name: 'Updated: Last hour' }).waitFor();
      await again.getByRole('button', { name: 'Clear filters' }).first().click();
      await expectText(again.locator('#content'), `${all} sessions`);
    })));

await check('sessions: those of one agent are found by its name', () =>
  within(oneGateway({ agents: 4, sessions: 20 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const { items: [agent] } = await center.get('/api/v1/agents?sort=-sessions&limit=1');
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      await page.locator('.toolbar').getByRole('button', { name: 'Agent', exact: true }).click();
      await page.getByRole('combobox').fill(agent.name);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/sessions?agentId=${agent.id}&gateway=default`);
      await expectText(page.locator('#content'), `${agent.sessions} session`);
    })));

await check('sessions: the search box takes single fields, as on the fleet, and says which', () =>
  within(oneGateway({ agents: 4, sessions: 60 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const { facets } = await center.get('/api/v1/sessions?limit=1&facets=status');
      const [status, amount] = Object.entries(facets.status).find(([word]) => word !== 'null');
      const page = await visit.open('/sessions');
      await heading(page, 'Sessions');
      const field = page.getByRole('searchbox', { name: 'Find sessions' });
      await field.focus();
      await page.getByRole('button', { name: /^status:/ }).click();
      await field.fill(`status:${status}`);
      await expectText(page.locator('#content'), `${amount} session`);
      await field.fill('status:nothing-at-all');
      await page.getByText('No sessions match').waitFor();
    })));
