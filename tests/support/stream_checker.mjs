// What every reader of the stream is owed, held against the journal itself: each entry once, in order, without holes,
// and nothing that is not in the journal.
import assert from 'node:assert/strict';

import { check } from './checks.mjs';
import { sleep, until } from './control_center.mjs';
import { journal } from './reader.mjs';

/** Ends the traffic, waits for the readers, and holds each against the journal. */
export async function checkReaders(center, simulator, readers) {
  await until('live again', async () => (await center.gateway())?.state === 'live', 60_000, center);
  await simulator.post('rate', { events: 0 });
  const truth = await settledJournal(center);
  await check('the journal has no hole and one epoch', () => {
    truth.forEach((entry, i) => assert.equal(entry.seq, i + 1));
    assert.equal(new Set(truth.map((entry) => entry.epoch)).size, 1);
    truth.forEach((entry, i) => assert.ok(i === 0 || entry.at >= truth[i - 1].at, `entry ${i + 1} is older than the one before`));
  });
  const last = `${truth.at(-1).epoch}-${truth.at(-1).seq}`;
  for (const [i, reader] of readers.entries()) {
    await check(`reader ${i + 1}: every entry once, in order`, async () => {
      await until(`the end, ${last}, is there (now ${reader.last})`, () => reader.last === last, 60_000, center);
      assert.deepEqual(reader.resets, []);
      reader.entries.forEach(({ cursor, data }, n) => {
        const { epoch, seq } = truth[n] ?? {};
        assert.equal(cursor, `${epoch}-${seq}`, `entry ${n + 1} of the reader`);
        assert.deepEqual(JSON.parse(data), truth[n]);
      });
      assert.equal(reader.entries.length, truth.length);
    });
  }
  const connects = readers.reduce((sum, reader) => sum + reader.connects, 0);
  console.log(`  ${truth.length} entries, ${readers.length} readers, ${connects} connections`);
}

/** The journal, once it has stopped growing. */
async function settledJournal(center) {
  let before = await journal(center);
  for (;;) {
    await sleep(1000);
    const now = await journal(center);
    if (now.length === before.length) return now;
    before = now;
  }
}
