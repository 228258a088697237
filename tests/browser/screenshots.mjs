// Pictures of every page, dark and light, wide and on a phone, from the seeded simulator. `./dev screenshots` calls it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ControlCenter, until } from '../support/control_center.mjs';
import { Simulator } from '../support/simulator.mjs';
import { closeBrowser, Visit } from './browser.mjs';
import { pagesOf, settled } from './pages.mjs';
import { isLive } from './scenes.mjs';

const folder = process.argv[2];
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** An ordinary morning with a few troubles: two gateways that speak and one that waits for approval. */
async function morning() {
  const office = await Simulator.start(['--seed', 7, '--agents', 18, '--sessions', 90, '--scenario', 'busy', '--events', 40]);
  const studio = await Simulator.start(['--seed', 11, '--agents', 6, '--sessions', 24, '--protocol', 3, '--scenario', 'calm', '--events', 1]);
  const lab = await Simulator.start(['--seed', 13, '--agents', 4, '--pairing']);
  const simulators = { office, studio, lab };
  const dir = mkdtempSync(join(tmpdir(), 'cc-screenshots-'));
  const token = join(dir, 'token');
  writeFileSync(token, 'sim-token', { mode: 0o600 });
  const tables = Object.entries(simulators).map(([name, { url, http }]) =>
    `[[gateway]]\nname = "${name}"\nws_url = "${url}"\nrest_url = "${http}/api/agents"\ntoken_file = "${token}"\nws_ready_timeout = "1h"\n`);
  const config = join(dir, 'config.toml');
  writeFileSync(config, tables.join(''), { mode: 0o600 });
  const center = await ControlCenter.start({ GATEWAY_URL: undefined }, { args: ['--config', config] });
  await isLive(center, 'office');
  await isLive(center, 'studio');
  await center.until('lab is blocked', 'gateway', 'lab', (row) => row?.state === 'blocked');
  const { items } = await center.get('/api/v1/agents?gateway=office&status=idle&limit=2');
  for (const { id } of items) await office.post('run', { agentId: id, durationMs: 200, outcome: 'failed' });
  await until('something happened', async () => (await center.get('/api/v1/status')).journal.entries > 80, 60_000);
  return {
    center,
    async end() {
      await center.stop();
      for (const simulator of Object.values(simulators)) simulator.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

mkdirSync(folder, { recursive: true });
const scene = await morning();
for (const theme of ['dark', 'light']) {
  for (const [where, size] of Object.entries(sizes)) {
    const picture = (name) => join(folder, `${name.toLowerCase().replaceAll(' ', '-')}-${theme}-${where}.png`);
    const visit = await Visit.to(scene.center, { theme, size });
    for (const [name, path] of Object.entries(await pagesOf(scene.center))) {
      const page = await settled(visit, path);
      await page.screenshot({ path: picture(name) });
      await page.close();
    }
    await visit.end();
    const stranger = await Visit.to(scene.center, { theme, size, signedIn: false });
    await (await settled(stranger, '/')).screenshot({ path: picture('Sign in') });
    await stranger.end();
  }
}
await closeBrowser();
await scene.end();
