// Nothing that was published is lost, doubled or reordered by kill -9, and nothing that was not committed was published.
import assert from 'node:assert/strict';

import { ControlCenter, sleep, until } from '../support/control_center.mjs';
import { Reader, journal } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';

const rounds = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const READERS = 4;

/** Mulberry32: the same seed, the same moments. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

console.log(`crash: ${rounds} kills, seed ${seed}`);
const random = generator(seed);
const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 1000, '--seed', seed]);
let center = await ControlCenter.start(simulator.env);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));
let passed = 0;
let failed = 0;
try {
  for (let round = 1; round <= rounds; round += 1) {
    await sleep(200 + random() * 1300);
    if (random() < 0.5) readers[Math.floor(random() * READERS)].cut();
    center.process.kill('SIGKILL');
    await center.exited;
    const { dir } = center;
    center = await ControlCenter.start(simulator.env, { dir });
    if (process.stdout.isTTY) process.stdout.write(`\r  kill ${round} of ${rounds}`);
  }
  await until('live again', async () => (await center.gateway())?.state === 'live', 30_000, center);
  await simulator.post('rate', { events: 0 });
  await sleep(1000);
  const truth = await journal(center);
  const last = `${truth.at(-1).epoch}-${truth.at(-1).seq}`;
  await until('every reader is at the end', () => readers.every((reader) => reader.last === last), 30_000, center);
  truth.forEach((entry, i) => assert.equal(entry.seq, i + 1, 'the journal has a hole'));
  for (const [i, reader] of readers.entries()) {
    try {
      assert.deepEqual(reader.resets, []);
      assert.equal(reader.entries.length, truth.length);
      reader.entries.forEach(({ data }, n) => assert.deepEqual(JSON.parse(data), truth[n], `entry ${n + 1}`));
      passed += 1;
      console.log(`  ok    reader ${i + 1}: ${truth.length} entries over ${reader.connects} connections, none missing, none twice`);
    } catch (error) {
      failed += 1;
      console.log(`  FAIL  reader ${i + 1}: ${error.message}`);
    }
  }
} catch (error) {
  failed += 1;
  console.log(`  FAIL  ${error.stack}`);
} finally {
  for (const reader of readers) reader.close();
  await center.stop().catch(() => {});
  simulator.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
