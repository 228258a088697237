// Pictures of every page, dark and light, wide and on a phone, from the seeded simulator. `./dev screenshots` calls it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { closeBrowser, Visit } from './browser.mjs';
import { pagesOf, settled } from './pages.mjs';
import { aMorning } from './scenes.mjs';

const folder = process.argv[2];
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

mkdirSync(folder, { recursive: true });
const scene = await aMorning();
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
