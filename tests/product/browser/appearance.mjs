import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { agentRow, expectEqual, expectText, heading } from './looking.mjs';
import { pagesOf, settled } from './pages.mjs';
import { oneGateway, oneIsBlocked, shared, within } from './scenes.mjs';

const themeOf = (page) => page.evaluate(() => document.documentElement.dataset.theme);
const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

await check('theme: as the system has it until somebody chooses; kept, and there before the first paint', () =>
  within(oneGateway({ agents: 2 }), ({ center }) =>
    visiting(center, { theme: 'dark' }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      assert.equal(await themeOf(page), 'dark');
      const dark = await ground(page);
      await page.emulateMedia({ colorScheme: 'light' });
      await expectEqual('the system changed', () => themeOf(page), 'light');
      await expectEqual('another ground', async () => (await ground(page)) !== dark, true);
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
      await expectEqual('somebody chose', () => themeOf(page), 'dark');

      // Every background that a frame of the next page could show.
      const next = await visit.context.newPage();
      await next.emulateMedia({ colorScheme: 'light' });
      await next.addInitScript(() => {
        window.grounds = [];
        const look = () => {
          if (document.body) window.grounds.push(getComputedStyle(document.body).backgroundColor);
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      await next.goto('/');
      await heading(next, 'Fleet');
      const seen = await next.evaluate(() => [...new Set(window.grounds)]);
      assert.deepEqual(seen.filter((colour) => colour !== 'rgba(0, 0, 0, 0)'), [dark]);
    })));

const still = shared(oneIsBlocked);
for (const [width, height] of [[360, 740], [768, 1024], [1280, 800], [3840, 2160]]) {
  await check(`size: every page fits ${width} by ${height}`, () =>
    still.within(({ center }) =>
      visiting(center, { size: { width, height } }, async (visit) => {
        for (const [name, path] of Object.entries(await pagesOf(center))) {
          const page = await settled(visit, path);
          const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
          assert.ok(content <= room, `${name} is ${content} wide`);
          const cut = await page.evaluate(() => [...document.querySelectorAll('button, a.button')]
            .filter((element) => element.scrollWidth > element.clientWidth + 1 && !element.querySelector('.cut'))
            .map((element) => element.outerHTML.slice(0, 120)));
          assert.deepEqual(cut, [], `${name}: buttons without room for their words`);
          await page.close();
        }
      })));
}
await still.end();

await check('times: relative in the cell, exact on hover; identifiers can be copied', () =>
  within(oneGateway({ agents: 2 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await simulator.post('run', { agentId: 'main', durationMs: 10 });
      const page = await visit.open('/agents/default/main');
      const agent = await center.row('agents', 'main');
      await heading(page, agent.name);
      const since = page.getByRole('region', { name: 'Status' }).locator('time');
      await expectEqual('to the millisecond', async () => Date.parse(await since.getAttribute('datetime')) - (await center.row('agents', 'main')).statusSince, 0);
      assert.match(await since.innerText(), /^(just now|for \d+ (s|min|h|d))$/);
      assert.match(await since.getAttribute('title'), /\d\d:\d\d:\d\d\.\d{3}/);
      await page.getByRole('button', { name: 'Copy Id' }).click();
      await expectEqual('the clipboard', () => page.evaluate(() => navigator.clipboard.readText()), 'main');
      await page.getByText('Copied Id').waitFor({ state: 'attached' });
    })));

await check('announcements: what changed that a person must know is said politely, and not all the time', () =>
  within(oneGateway({ agents: 3 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      const said = page.locator('[aria-live="polite"]').last();
      await expectText(said, 'All is well', 15_000);
      await simulator.post('run', { agentId: 'main', durationMs: 10, outcome: 'failed' });
      await expectText(agentRow(page, (await center.row('agents', 'main')).name), 'error');
      assert.equal(await said.innerText(), 'All is well', 'not at once');
      await expectText(said, '1 error', 15_000);
    })));

await check('empty: nothing there yet, nothing left by filters and nothing reached are three different things', () =>
  within(oneGateway({ agents: 2 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const page = await visit.open('/?q=nobody-is-called-this');
      await page.getByText('No agents match').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().waitFor();
      await page.goto('/sessions?q=nothing-is-called-this');
      await page.getByText('No sessions match').waitFor();
      for (const { key } of (await center.get('/api/v1/sessions')).items) await simulator.post('sessions', { op: 'delete', key });
      await expectEqual('all are gone', async () => (await center.get('/api/v1/sessions')).total, 0);
      await page.goto('/sessions');
      await page.getByText('No sessions yet').waitFor();
      await simulator.post('rest', { mode: 'off' });
      await simulator.post('fault', { kind: 'refuse', error: 'unavailable', closeCode: 1013 });
      await simulator.post('fault', { kind: 'drop' });
      await page.getByText('No gateway is connected yet').waitFor({ timeout: 30_000 });
    })));
