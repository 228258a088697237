import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
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

const isActive = (page, href) => expectEqual(`the focus is on ${href}`, () => page.evaluate(() => document.activeElement?.getAttribute('href')), href);

await check('keyboard: rows are walked by j and k, opened by Enter, and left by Escape; pages are gone to by two letters', () =>
  within(oneGateway({ agents: 6 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/?sort=name');
      await heading(page, 'Fleet');
      const { items } = await center.get('/api/v1/agents?sort=name');
      const hrefs = items.map(({ gateway, id }) => `/agents/${gateway}/${id}`);
      await page.keyboard.press('j');
      await isActive(page, hrefs[0]);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await isActive(page, hrefs[1]);
      await page.keyboard.press('Enter');
      await heading(page, items[1].name);
      await page.keyboard.press('Escape');
      await heading(page, 'Fleet');
      assert.equal(new URL(page.url()).search, '?sort=name', 'back to the list as it was');
      await isActive(page, hrefs[1]);
      for (const [letter, title] of [['s', 'Sessions'], ['a', 'Activity'], ['g', 'Gateways'], ['f', 'Fleet']]) {
        await page.keyboard.press('g');
        await page.keyboard.press(letter);
        await heading(page, title);
      }
      await page.keyboard.press('/');
      await expectEqual('the search has the focus', () => focused(page), 'Find agents');
      await page.keyboard.type('gs?');
      await expectEqual('letters are letters in a field', () => new URL(page.url()).searchParams.get('q'), 'gs?');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('p');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    })));

await check('keyboard: the palette finds agents, sessions, gateways, pages and commands', () =>
  within(oneGateway({ agents: 6, sessions: 30 }), ({ center }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const { items: [agent] } = await center.get('/api/v1/agents?sort=-name&limit=1');
      const { items: [session] } = await center.get('/api/v1/sessions?limit=1');
      const find = async (text, option) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox').fill(text);
        await page.getByRole('option').filter({ hasText: option }).first().waitFor();
      };
      await find(agent.name, agent.name);
      await page.keyboard.press('Enter');
      await heading(page, agent.name);
      await find(session.key, session.title);
      await page.getByRole('option').filter({ hasText: session.title }).first().click();
      await heading(page, session.title);
      await find('default', 'default');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await find('activity', 'Activity');
      await page.keyboard.press('Enter');
      await heading(page, 'Activity');
      await find('dark', 'Dark theme');
      await page.keyboard.press('Enter');
      await expectEqual('the command did something', () => page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    })));
