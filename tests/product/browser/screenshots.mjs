// Pictures of every page, dark and light, wide and on a phone, from the seeded simulator. `./dev screenshots
// [DIR [MINUTES]]` calls it; after some minutes there is a past to show.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { closeBrowser, Visit } from './browser.mjs';
import { pagesOf, settled } from './pages.mjs';
import { aMorning, trouble } from './scenes.mjs';

const [folder, minutes = '0'] = process.argv.slice(2);
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

mkdirSync(folder, { recursive: true });
const scene = await aMorning(Number(minutes));
for (const theme of ['dark', 'light']) {
  await trouble(scene);
  for (const [where, size] of Object.entries(sizes)) {
    const picture = (name) => join(folder, `${name.toLowerCase().replaceAll(' ', '-')}-${theme}-${where}.png`);
    const options = { theme, size, mobile: where === 'phone' };
    const visit = await Visit.to(scene.center, options);
    for (const [name, path] of Object.entries(await pagesOf(scene.center))) {
      const page = await settled(visit, path);
      await page.screenshot({ path: picture(name) });
      await page.close();
    }
    const page = await settled(visit, '/');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.screenshot({ path: picture('Palette') });
    await visit.end();
    const stranger = await Visit.to(scene.center, { ...options, signedIn: false });
    await (await settled(stranger, '/')).screenshot({ path: picture('Sign in') });
    await stranger.end();
  }
}
await closeBrowser();
await scene.end();
process.exit(0);
