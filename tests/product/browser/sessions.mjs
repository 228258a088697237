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
      await showsRunOf(page, await wantedRows(center, 'sort=-updatedAt'));
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
