// What `./dev release` makes, looked at from inside. `--whole` installs and runs it in bare systems (whole.mjs).
import { rmSync } from 'node:fs';

import { ground, finish } from '../../support/checks.mjs';
import { Dist, scratch } from './dist.mjs';

const whole = process.argv.includes('--whole');

await ground('a release', async () => {
  const dist = Dist.make();
  await (await import('./inside.mjs')).inside(dist);
  if (whole) await (await import('./whole.mjs')).whole(dist);
});
rmSync(scratch, { recursive: true, force: true });
finish();
