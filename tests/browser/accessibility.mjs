import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { check } from '../support/checks.mjs';
import { phone, visiting, wide } from './browser.mjs';
import { pagesOf, settled } from './pages.mjs';
import { oneIsBlocked, within } from './scenes.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Sentences about what axe found wrong. Its script is put in by the debugger, past the content security policy. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

for (const theme of ['dark', 'light']) {
  for (const [where, size] of [['a wide window', wide], ['a phone', phone]]) {
    await check(`accessibility: axe finds nothing on any page, ${theme}, in ${where}`, () =>
      within(oneIsBlocked(), async ({ center, simulators: [office] }) => {
        const { items } = await center.get('/api/v1/agents?gateway=office&limit=3');
        for (const [i, outcome] of ['failed', 'done'].entries()) await office.post('run', { agentId: items[i].id, durationMs: 10, outcome });
        await office.post('run', { agentId: items[2].id, durationMs: 600_000 });
        await center.until('a failure is there', 'gateway', 'office', async () => (await center.get('/api/v1/agents?status=error')).total === 1);
        const found = {};
        await visiting(center, { theme, size }, async (visit) => {
          for (const [name, path] of Object.entries(await pagesOf(center))) {
            const page = await settled(visit, path);
            assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
            found[name] = await violations(page);
            await page.close();
          }
        });
        await visiting(center, { theme, size, signedIn: false }, async (visit) => {
          found['Sign in'] = await violations(await settled(visit, '/'));
        });
        assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)), {});
      }));
  }
}
