// Installs what is released in bare systems, and watches it live there.
import { obstacle } from './machine.mjs';
import { check } from '../../support/checks.mjs';
import { packageIn } from './package_in.mjs';
import { programIn } from './program_in.mjs';
import { imageAlone } from './image_alone.mjs';
import { sameBytes } from './same_bytes.mjs';

const releases = { 'Debian 12': 'bookworm', 'Debian 13': 'trixie' };

export async function whole(dist) {
  const why = obstacle();
  if (why) return check('bare systems', () => {}, why);
  const table = [];
  for (const [name, release] of Object.entries(releases)) {
    await programIn(name, release, dist, table);
    await packageIn(name, release, dist, table);
  }
  await imageAlone(dist, table);
  await sameBytes(dist);
  print(table);
}

function print(table) {
  console.log(`\n${'artefact'.padEnd(70)} ${'bytes'.padStart(10)}  ${'installed in'.padEnd(36)} seconds to the first agent`);
  for (const { file, bytes, where, seconds } of table) {
    console.log(`${file.padEnd(70)} ${String(bytes).padStart(10)}  ${where.padEnd(36)} ${seconds.toFixed(1)}`);
  }
  console.log('');
}
