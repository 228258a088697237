import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { phone, visiting, wide } from './browser.mjs';
import { pagesOf, settled } from './pages.mjs';
import { asks, oneIsBlocked, oneOperated, shared, within } from './scenes.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, in sentences. Its script is put in by the debugger, past the content security policy. */
async function violations(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations: found } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'] }), rules);
  return found.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** In the dark theme every rule; in the light one, which is the same but for its colours, those about colours. */
const rulesOf = { dark: everyRule, light: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/** A failure, an end and a run, beside a gateway that is blocked. */
const scene = shared(async () => {
  const made = await oneIsBlocked();
  const { center, simulator: office } = made;
  const { items } = await center.get('/api/v1/agents?gateway=office&status=idle&limit=3');
  for (const [i, outcome] of ['failed', 'done'].entries()) await office.post('run', { agentId: items[i].id, durationMs: 10, outcome });
  await office.post('run', { agentId: items[2].id, durationMs: 3_600_000 });
  await until('a failure is there', async () => (await center.get('/api/v1/agents?status=error')).total > 0);
  return made;
});

/** What opens over a page: name → how. */
const overlays = {
  Palette: (page) => page.keyboard.press('Control+k'),
  Help: (page) => page.keyboard.press('?'),
  'View menu': (page) => page.getByRole('button', { name: 'View', exact: true }).click(),
  'Settings menu': (page) => page.getByRole('button', { name: 'Settings' }).click(),
};

for (const [where, size] of [['a wide window', wide], ['a phone', phone]]) {
  await check(`accessibility: axe finds nothing on any page in either theme, in ${where}`, () =>
    scene.within(async ({ center }) => {
      const found = {};
      for (const [theme, rules] of Object.entries(rulesOf)) {
        const look = async (name, page) => {
          assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
          found[`${name}, ${theme}`] = await violations(page, rules);
          await page.close();
        };
        await visiting(center, { theme, size }, async (visit) => {
          for (const [name, path] of Object.entries(await pagesOf(center))) {
            const page = await settled(visit, path);
            if (name === 'Activity') await page.getByRole('button', { name: /^Entry/ }).first().click();
            await look(name, page);
          }
          for (const [name, open] of Object.entries(overlays)) {
            const page = await settled(visit, '/');
            await open(page);
            await page.locator('[role="dialog"], [role="menu"]').waitFor();
            await look(name, page);
          }
        });
        await visiting(center, { theme, size, signedIn: false }, async (visit) => {
          await look('Sign in', await settled(visit, '/'));
        });
      }
      assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)), {});
    }));
}
await scene.end();

/** What one does something with: name → path, and how it is opened. */
const acting = (session) => ({
  Approvals: ['/approvals', (page) => page.locator('article[data-decides]').nth(1).waitFor()],
  'A second look': ['/approvals', (page) => page.getByRole('button', { name: 'Always allow' }).first().click()],
  Conversation: [session, async (page) => {
    await page.getByRole('heading', { name: 'Conversation' }).scrollIntoViewIfNeeded();
    await page.getByRole('log').waitFor();
  }],
  'Session menu': [session, (page) => page.getByRole('button', { name: 'Session', exact: true }).click()],
  'A form': [session, async (page) => {
    await page.getByRole('button', { name: 'Session', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
    await page.getByRole('dialog').waitFor();
  }],
  Stop: ['/gateways', async (page) => {
    await page.getByRole('button', { name: 'Stop everything' }).click();
    await page.getByRole('dialog').waitFor();
  }],
  Chosen: ['/sessions', async (page) => {
    await page.getByRole('button', { name: 'Choose' }).click();
    await page.locator('[data-choose]').first().check();
  }],
});

const conversation = [
  { type: 'thinking', text: 'Hm.' },
  { type: 'toolCall', id: 'c', name: 'exec', arguments: { command: 'ls' } },
  { type: 'text', text: '# A\n\n- b\n- [x] c\n\n`d` [e](https://f.example)\n\n```\ng\n```\n\n|h|\n|-|\n|i|\n\n> j' },
].map((part, i) => ({ id: `${i}`, role: i === 2 ? 'assistant' : 'user', at: Date.now(), parts: [part], model: 'm', usage: null, costUsd: 0.1, error: i === 1 ? 'It failed.' : null }));

for (const [where, size] of [['a wide window', wide], ['a phone', phone]]) {
  await check(`accessibility: axe finds nothing where one decides, says and stops something, in ${where}`, () =>
    within(oneOperated({ agents: 4 }), async (made) => {
      const { center, simulator } = made;
      const asked = await asks(made, { command: `ls\u202E ${'x '.repeat(3_000)}`, allowedDecisions: ['allow-once', 'allow-always', 'deny'] });
      const questions = [{ questionId: 'q', header: 'Where', question: 'Where to?', options: [{ label: 'Here', description: 'near' }], isOther: true }];
      const at = Date.now();
      await simulator.post('emit', { event: 'question.requested', toAll: true, payload: { id: 'ask_1', questions, agentId: asked.agentId, sessionKey: asked.sessionKey, createdAtMs: at, expiresAtMs: at + 900_000, status: 'pending' } });
      const found = {};
      for (const [theme, rules] of Object.entries(rulesOf)) {
        await visiting(center, { theme, size }, async (visit) => {
          await visit.context.route('**/messages?**', (route) => route.fulfill({ json: { items: conversation, before: 'x' } }));
          for (const [name, [path, open]] of Object.entries(acting(`/sessions/default/${encodeURIComponent(asked.sessionKey)}`))) {
            const page = await settled(visit, path);
            await open(page);
            found[`${name}, ${theme}`] = await violations(page, rules);
            await page.close();
          }
        });
      }
      assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)), {});
    }));
}
