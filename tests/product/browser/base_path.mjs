// The dashboard below a path of somebody else's host, as a proxy shows it.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';

import { check } from '../../support/checks.mjs';
import { ControlCenter } from '../../support/control_center.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { visiting } from './browser.mjs';
import { expectText, heading } from './looking.mjs';
import { isLive } from './scenes.mjs';

/** Shows what `target` has below `/fleet/`, and nothing beside it. `strips`: takes the prefix off, as most proxies do. */
async function prefixProxy(target, strips) {
  const strays = [];
  const server = createServer((asked, answer) => {
    if (!asked.url.startsWith('/fleet/')) {
      strays.push(asked.url);
      answer.writeHead(404).end();
      return;
    }
    const path = strips ? asked.url.slice('/fleet'.length) : asked.url;
    const passed = request(target + path, { method: asked.method, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}`, strays, close: () => { server.closeAllConnections(); server.close(); } };
}

const here = (page) => new URL(page.url()).pathname;

for (const strips of [true, false]) {
  await check(`base path: everything is below it, behind a proxy that ${strips ? 'takes it off' : 'leaves it'}`, async () => {
    const simulator = await Simulator.start(['--events', 0, '--seed', 1]);
    const center = await ControlCenter.start({ ...simulator.env, CONTROL_CENTER_BASE_PATH: '/fleet/' });
    const proxy = await prefixProxy(center.url, strips);
    try {
      await isLive(center);
      await visiting({ url: proxy.url, token: center.token }, { signedIn: false }, async (visit) => {
        const page = await visit.open('/fleet/sessions?sort=title');
        await page.getByLabel('Token', { exact: true }).fill(center.token);
        await page.keyboard.press('Enter');
        await heading(page, 'Sessions');
        assert.equal(page.url(), `${proxy.url}/fleet/sessions?sort=title`);
        await page.getByRole('table', { name: 'Sessions' }).locator('a[data-row]').first().click();
        await page.waitForURL('**/fleet/sessions/default/**');
        await page.reload();
        await page.getByRole('region', { name: 'Status' }).waitFor();
        await page.keyboard.press('g');
        await page.keyboard.press('f');
        await heading(page, 'Fleet');
        assert.equal(here(page), '/fleet/');
        await page.getByRole('table', { name: 'Agents' }).locator('a[data-row]').first().click();
        await page.waitForURL('**/fleet/agents/default/**');
        for (const name of ['Activity', 'Gateways']) {
          await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
          await heading(page, name);
          assert.equal(here(page), `/fleet/${name.toLowerCase()}`);
        }
        await expectText(page.locator('header'), 'Live');
        const astray = await page.locator('a[href]').evaluateAll((links) => links.map(({ href }) => href).filter((href) => href.startsWith(location.origin) && !href.startsWith(`${location.origin}/fleet/`)));
        assert.deepEqual(astray, []);
      });
      assert.deepEqual(proxy.strays, []);
    } finally {
      proxy.close();
      await center.stop();
      simulator.stop();
    }
  });
}
