// Readers that take nothing cost no memory of their own, and the others do not notice them.
import assert from 'node:assert/strict';

import { check, finish } from '../support/checks.mjs';
import { ControlCenter, sleep, until } from '../support/control_center.mjs';
import { campaign } from '../support/options.mjs';
import { Reader } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';
import { checkReaders } from '../support/stream_checker.mjs';

const MOST = 300 * 1024 * 1024;
const HEALTHY = 5;
const SECONDS = 10;
const { count, seed } = campaign('slow', 300, 'readers that stop reading');

const simulator = await Simulator.start(['--agents', 50, '--sessions', 500, '--events', 2000, '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const healthy = Array.from({ length: HEALTHY }, () => new Reader(() => center));
await until('they read', () => healthy.every((reader) => reader.last), 30_000, center);
const before = center.memory();

const slow = [];
await check(`${count} of them cost less than ${MOST >> 20} MiB in all`, async () => {
  while (slow.length < count) {
    const some = Array.from({ length: Math.min(50, count - slow.length) }, () => new Reader(() => center));
    await until('they are there', () => some.every((reader) => reader.response), 30_000, center);
    for (const reader of some) reader.pause();
    slow.push(...some);
  }
  const read = healthy.map((reader) => reader.entries.length);
  await sleep(SECONDS * 1000);
  const grown = center.memory() - before;
  console.log(`  memory: ${(grown / 1048576).toFixed(0)} MiB more than before they came`);
  assert.ok(grown < MOST, `${grown} bytes`);
  healthy.forEach((reader, i) => assert.ok(reader.entries.length > read[i], 'a healthy reader stands still'));
});

await check('who reads again gets all of it', async () => {
  const witness = slow.slice(0, 3);
  for (const reader of slow.slice(3)) reader.close();
  for (const reader of witness) reader.resume();
  await checkReaders(center, simulator, [...healthy, ...witness]);
  for (const reader of witness) reader.close();
});

for (const reader of [...healthy, ...slow]) reader.close();
await center.stop();
simulator.stop();
finish();
