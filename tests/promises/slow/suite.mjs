// Readers that take nothing cost no memory of their own, and the others do not notice them.
import assert from 'node:assert/strict';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { campaign, megabytes, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const MOST = 300 * 1024 * 1024;
const HEALTHY = 5;
const RUNS = 5;
const WINDOW_MS = 2000;
const MOST_TIMES = 1.5;
// Times are whole milliseconds, and this program reads its sockets beside whatever else the machine does: a difference
// below this says nothing about the server.
const NOISE_MS = 10;
const { count, seed } = campaign('slow', 300, 'readers that stop reading');

const simulator = await Simulator.start(['--agents', 50, '--sessions', 500, '--scenario', 'changes', '--events', 500, '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const latencies = []; // from the commit to the reader, of every entry that a healthy one got
const hear = (data) => { latencies.push(Date.now() - Number(/"at":(\d+)/.exec(data)[1])); };
const healthy = Array.from({ length: HEALTHY }, () => new Reader(() => center, { hear }));
await until('they read', () => healthy.every((reader) => reader.last), 30_000, center);

/** The 99th percentile of a while. */
async function measure() {
  latencies.length = 0;
  await sleep(WINDOW_MS);
  await until('the healthy readers read', () => latencies.length > 1000, 60_000, center);
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)];
}

/** So many readers, there and stopped. */
async function stopReading(many) {
  const stopped = [];
  while (stopped.length < many) {
    const some = Array.from({ length: Math.min(100, many - stopped.length) }, () => new Reader(() => center, { after: '' }));
    await until('they are there', () => some.every((reader) => reader.last), 60_000, center);
    for (const reader of some) reader.pause();
    stopped.push(...some);
  }
  return stopped;
}

const gone = () => until('they are gone', async () => (await center.metric('control_center_stream_readers')) === HEALTHY, 60_000, center);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const alone = [];
const among = [];
let grown = 0;
let witnesses = [];

for (let run = 1; run <= RUNS; run += 1) {
  alone.push(await measure());
  const before = center.memory();
  const slow = await stopReading(count);
  await sleep(500);
  among.push(await measure());
  grown = Math.max(grown, center.memory() - before);
  if (run === RUNS) witnesses = slow.splice(0, 3);
  for (const reader of slow) reader.close();
  if (run < RUNS) await gone();
  console.log(`  run ${run}: the 99th percentile is ${alone.at(-1)} ms without them, ${among.at(-1)} ms with them`);
}

await check(`${count} of them cost less than ${megabytes(MOST)} in all`, () => assert.ok(grown < MOST, megabytes(grown)));

// On a machine that does other things as well the figures of a single run say little. A server that is slowed down is so in
// each of them.
await check(`the others wait at most ${MOST_TIMES} times as long`, () => {
  const within = alone.filter((ms, run) => among[run] <= Math.max(ms * MOST_TIMES, ms + NOISE_MS));
  assert.ok(within.length > 0, `with them ${among.join(', ')} ms, without ${alone.join(', ')} ms`);
});

await check('who reads again gets all of it', async () => {
  for (const reader of witnesses) {
    assert.ok(reader.seqs.length > 0);
    reader.resume();
  }
  await checkReaders(center, simulator, [...healthy, ...witnesses]);
});

const spread = (numbers) => `${Math.min(...numbers)}–${Math.max(...numbers)}, median ${median(numbers)} ms`;
seen(`${megabytes(grown)} more; 99th percentile of the healthy over ${RUNS} runs: ${spread(alone)} without, ${spread(among)} with them`);
for (const reader of [...healthy, ...witnesses]) reader.close();
await center.stop();
simulator.stop();
finish();
