// Text from agents and gateways is hostile. It is shown, and does nothing.
import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { phone, visiting } from './browser.mjs';
import { pagesOf, settled, twoFrames } from './pages.mjs';
import { oneGateway, within } from './scenes.mjs';

/** Each would call alert, or leave an element behind, if it were ever taken for more than text. */
const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><svg onload=alert(1)>',
  "'-alert(1)-'",
  '</title><script>alert(1)</script>',
  '</textarea><img src=x onerror=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<math><mtext></mtext><mglyph><style><!--</style><img title="--><img src=x onerror=alert(1)>">',
  '<details open ontoggle=alert(1)>',
  '<b id="content">&lt;script&gt;alert(1)&lt;/script&gt;</b>',
  '\u202Egnp.exe\u202C <img src=x onerror=alert(1)>',
  `${'W'.repeat(300)}<img src=x onerror=alert(1)>`,
];

/** Agents and sessions that carry a payload in every field that can hold text. */
async function plant(center, simulator) {
  for (const [i, payload] of payloads.entries()) {
    const id = `p${i}`;
    await simulator.post('agents', { op: 'create', id, name: payload, emoji: payload.slice(0, 40), model: payload, workspace: payload });
    await simulator.post('sessions', { op: 'create', key: `agent:${id}:${payload}`.slice(0, 500), agentId: id, label: payload, model: payload });
    await simulator.post('run', { agentId: id, durationMs: 50, outcome: i % 2 ? 'failed' : 'done' });
  }
  await until('all of it has come', async () => {
    const { items } = await center.get('/api/v1/agents?limit=1000');
    return payloads.every((payload) => items.some(({ name }) => name === payload));
  });
}

/** What only markup in a payload could have put there. */
const leftBehind = () => [...document.querySelectorAll('img, iframe, math, details[ontoggle], svg[onload], [onerror], [srcdoc], [href^="javascript:"], b#content, style')]
  .map((element) => element.outerHTML.slice(0, 200));

const looksAt = (center) => async (visit) => {
  const pages = await pagesOf(center);
  const [{ gateway, key }] = (await center.get('/api/v1/sessions?q=onerror&limit=1')).items;
  for (const [name, path] of Object.entries({
    ...pages,
    'Agent of a payload': '/agents/default/p1',
    'Session of a payload': `/sessions/${gateway}/${encodeURIComponent(key)}`,
    'Search for a payload': `/?q=${encodeURIComponent('<img src=x onerror=alert(1)>')}`,
  })) {
    const page = await settled(visit, path);
    if (name === 'Activity') await page.getByRole('button', { name: /^Entry/ }).first().click();
    await page.mouse.wheel(0, 2_000);
    await twoFrames(page);
    assert.deepEqual(await page.evaluate(leftBehind), [], name);
    const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(scrollWidth <= clientWidth, `${name} is ${scrollWidth} wide in a window of ${clientWidth}`);
    await page.close();
  }
};

await check('hostile text: every payload in every field is text: no dialog, no element, no violation, no broken layout', () =>
  within(oneGateway({ agents: 3, titles: 'hostile', sessions: 60 }), async ({ center, simulator }) => {
    await plant(center, simulator);
    await visiting(center, {}, async (visit) => {
      await looksAt(center)(visit);
      const page = await settled(visit, '/?q=onerror');
      await page.getByText('<img src=x onerror=alert(1)>', { exact: true }).first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('onerror');
      await page.getByRole('option').filter({ hasText: '<img src=x onerror=alert(1)>' }).first().waitFor();
      assert.deepEqual(await page.evaluate(leftBehind), [], 'the palette');
    });
    await visiting(center, { size: phone, theme: 'dark' }, looksAt(center));
  }));
