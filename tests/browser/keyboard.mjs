import assert from 'node:assert/strict';

import { check } from '../support/checks.mjs';
import { visiting } from './browser.mjs';
import { expectEqual, heading } from './looking.mjs';
import { oneGateway, within } from './scenes.mjs';

/** What has the focus, as somebody who cannot see it is told. */
const focused = (page) => page.evaluate(() => {
  const { activeElement: element } = document;
  return element?.getAttribute('aria-label') || element?.innerText?.trim().replaceAll(/\s+/g, ' ') || element?.tagName;
});
await check('keyboard: Tab reaches the content past the navigation, and what has the focus can be seen', () =>
  within(oneGateway({ agents: 12 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      await page.keyboard.press('Tab');
      assert.equal(await focused(page), 'Skip to the content');
      await page.keyboard.press('Enter');
      await expectEqual('the content has the focus', () => page.evaluate(() => document.activeElement?.id), 'content');
      const seen = new Set();
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press('Tab');
        const { row, outline, name } = await page.evaluate(() => {
          const element = document.activeElement;
          const isMarked = (style) => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
          const styles = [getComputedStyle(element), getComputedStyle(element, '::after'), ...(element.closest('tr') ? [getComputedStyle(element.closest('tr'))] : [])];
          return { row: element.matches('a[data-row]'), name: element.outerHTML.slice(0, 120), outline: styles.some(isMarked) };
        });
        assert.ok(outline, `nothing shows that this has the focus: ${name}`);
        seen.add(name);
        if (row) return;
      }
      assert.fail(`no row can be reached: ${[...seen].join('\n')}`);
    })));
