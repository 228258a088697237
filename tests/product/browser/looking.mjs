// What a person looks for on a page, waited for rather than slept for.
import assert from 'node:assert/strict';

import { until } from '../../support/control_center.mjs';

/** The page's own heading, once its content is there. */
export async function heading(page, text) {
  await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
  await page.locator('#content .skeleton').first().waitFor({ state: 'detached' });
}

export async function expectText(locator, text, timeoutMs = 15_000) {
  await until(`"${text}" in ${locator}`, async () => (await locator.innerText()).includes(text), timeoutMs);
}

export async function expectNoText(locator, text, timeoutMs = 15_000) {
  await until(`no "${text}" in ${locator}`, async () => !(await locator.innerText()).includes(text), timeoutMs);
}

/** Waits until `read` gives `wanted`. */
export async function expectEqual(what, read, wanted, timeoutMs = 15_000) {
  let last;
  try {
    await until(what, async () => {
      last = await read();
      try {
        assert.deepEqual(last, wanted);
        return true;
      } catch {
        return false;
      }
    }, timeoutMs);
  } catch (error) {
    if (last !== undefined) assert.deepEqual(last, wanted, what);
    throw error;
  }
}

export const agentRow = (page, name) =>
  page.getByRole('table', { name: 'Agents' }).getByRole('row').filter({ has: page.getByRole('link').filter({ hasText: name }) });

/** Rows come in over a few frames: waits until the table of agents has exactly `count`. */
export const expectAgents = (page, count, what = 'agents in the table') =>
  expectEqual(what, () => page.getByRole('table', { name: 'Agents' }).locator('a[data-row]').count(), count);

/** The number on a status chip of the fleet. */
export async function chip(page, status) {
  const text = await page.getByRole('toolbar', { name: 'Filter by status' }).getByRole('button').filter({ hasText: status }).innerText();
  return Number(/\d+/.exec(text.replaceAll(',', ''))[0]);
}

/** The status that each row of the table of agents shows, by the row's link. */
export const shownStatuses = (page) =>
  page.getByRole('table', { name: 'Agents' }).locator('tbody .row').evaluateAll((rows) => Object.fromEntries(rows.map((row) =>
    [row.querySelector('a[data-row]').getAttribute('href'), row.querySelector('[data-status]').textContent.trim()])));

/** The same as the API tells it. */
export async function toldStatuses(center) {
  const { items } = await center.get('/api/v1/agents?limit=1000');
  return Object.fromEntries(items.map(({ gateway, id, status }) => [`/agents/${encodeURIComponent(gateway)}/${encodeURIComponent(id)}`, status]));
}

/** The lines of the journal as they stand on the page, newest on top: the numbers of the entries of each, oldest first. */
export const journalLines = (page) =>
  page.locator('button[data-entries]').evaluateAll((buttons) => buttons.map((button) => button.dataset.entries.split(',').map(Number)));

/** The numbers of the entries that the page shows of the journal, newest first: a line may hold several. */
export const entryNumbers = async (page) => (await journalLines(page)).flat().sort((a, b) => b - a);

/** The numbers of the entries that the journal holds from entry `first` on, newest first; `filter` as the API takes it. */
export async function journalOf(center, filter = '', first = 1) {
  const epoch = (await center.get('/api/v1/fleet')).cursor.split('-')[0];
  const page = await center.get(`/api/v1/events?limit=1000&after=${epoch}-${first - 1}&${filter}`);
  return page.events.map(({ seq }) => seq).reverse();
}
