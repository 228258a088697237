// What holds on every page: names in narrow tables, paper, and the system's own colours.
import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { phone, visiting } from './browser.mjs';
import { expectEqual, expectText, heading } from './looking.mjs';
import { pagesOf, settled } from './pages.mjs';
import { oneIsBlocked, oneRefuses, shared, within } from './scenes.mjs';

const scene = shared(oneIsBlocked);

await check('gateways: the name comes first and can be read at every width', () =>
  scene.within(({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/gateways');
      await heading(page, 'Gateways');
      for (const width of [1920, 1440, 1280, 1100, 1024, 960, 768, 390, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const least = width < 640 ? 110 : 160;
        // The columns follow the width a moment later.
        await expectEqual(`the name at ${width} px`, () => page.getByRole('table', { name: 'Gateways' }).evaluate((table, px) => {
          const cell = table.querySelector('tbody .row').cells[0];
          const wide = cell.getBoundingClientRect().width;
          const over = document.documentElement.scrollWidth - innerWidth;
          return { isName: /office|lab/.test(cell.textContent), missing: Math.max(0, px - wide), over: Math.max(0, over) };
        }, least), { isName: true, missing: 0, over: 0 });
      }
    })));

await check('gateways: one that is away is loud everywhere: head, title, page', () =>
  scene.within(({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/gateways');
      await heading(page, 'Gateways');
      assert.match(await page.title(), /^\([1-9]/);
      await expectText(page.locator('header'), 'lab blocked');
      await expectText(page.locator('.outage'), 'blocked');
      await page.getByText('Address').waitFor();
    })));

await check('gateways: whoever has mended one does not wait for its next try', () =>
  within(oneRefuses(), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/gateways');
      await expectText(page.locator('.outage'), 'blocked');
      await simulator.post('fault', { kind: 'none' });
      await page.getByRole('button', { name: 'Retry now' }).click();
      await page.locator('.outage').waitFor({ state: 'detached' });
      await expectText(page.locator('header'), 'Live');
      const { items: [row] } = await center.get('/api/v1/gateways');
      assert.equal(row.state, 'live');
    })));

await check('paper and forced colours: print is light and without controls, and the current page is marked', () =>
  scene.within(({ center }) =>
    visiting(center, { theme: 'dark' }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await page.emulateMedia({ media: 'print' });
      const printed = await page.evaluate(() => ({
        paper: getComputedStyle(document.body).backgroundColor,
        nav: getComputedStyle(document.querySelector('nav')).display,
        find: getComputedStyle(document.querySelector('header .find')).display,
        heads: [...document.querySelectorAll('thead th')].filter((head) => head.innerText.trim() === '').length,
      }));
      assert.deepEqual(printed, { paper: 'rgb(255, 255, 255)', nav: 'none', find: 'none', heads: 0 });
      await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
      const outlines = await page.locator('nav .place').evaluateAll((all) => all.map((one) => [one.hasAttribute('aria-current'), getComputedStyle(one).outlineStyle]));
      assert.ok(outlines.every(([current, style]) => (style !== 'none') === current), JSON.stringify(outlines));
    })));

await check('forced colours: the bars of the last hour stand on the page, and not on a block', () =>
  scene.within(({ center }) =>
    visiting(center, { theme: 'dark' }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await page.emulateMedia({ forcedColors: 'active' });
      const fill = await page.locator('td svg rect').first().evaluate((rect) => getComputedStyle(rect).fill);
      assert.equal(fill, 'none');
    })));

await check('phone: what one taps in a page is at least 24 px high and wide', () =>
  scene.within(({ center }) =>
    visiting(center, { size: phone, mobile: true }, async (visit) => {
      for (const [name, path] of Object.entries(await pagesOf(center))) {
        const page = await settled(visit, path);
        const small = await page.locator('main a:visible, main button:visible').evaluateAll((all) => all
          // Their whole row is the link.
          .filter((one) => getComputedStyle(one, '::after').position !== 'absolute')
          .map((one) => [one.getAttribute('aria-label') ?? one.textContent.trim(), one.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 24 || height < 24)
          .map(([said, { width, height }]) => `${said}: ${width} × ${height}`));
        assert.deepEqual(small, [], name);
        await page.close();
      }
    })));

await check('gateways: no cell of the facts is left empty, whatever fits beside one another', () =>
  scene.within(({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/gateways');
      await heading(page, 'Gateways');
      for (const width of [1920, 1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const empty = await page.locator('dl').first().evaluate((facts) => {
          const right = facts.getBoundingClientRect().right;
          const lines = Map.groupBy(facts.children, (fact) => fact.getBoundingClientRect().top);
          return [...lines.values()].map((line) => Math.round(right - line.at(-1).getBoundingClientRect().right)).filter((rest) => rest > 2);
        });
        assert.deepEqual(empty, [], `at ${width} px`);
      }
    })));

await scene.end();
