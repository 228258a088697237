// What every reader of the stream is owed, held against the journal itself: each entry once, in order, without holes (or a
// `reset` that says so), what the journal says to the byte, and nothing that is not in it.
import assert from 'node:assert/strict';

import { check } from './checks.mjs';
import { sleep, until } from './control_center.mjs';
import { digest } from './digest.mjs';
import { seen } from './options.mjs';
import { pages } from './reader.mjs';

const numberOf = (cursor) => Number(cursor?.split('-')[1] ?? 0);

/** Ends the traffic, waits for the readers, and holds each against the journal. */
export async function checkReaders(center, simulator, readers) {
  await until('live again', async () => (await center.get('/api/v1/gateways')).items.every(({ state }) => state === 'live'), 60_000, center);
  await simulator.post('rate', { events: 0 });
  const { last, truth } = await readSettled(center, readers);
  await check('the journal has no hole and one epoch', () => {
    assert.equal(`${[...truth.epochs].join()}-${truth.first + truth.digests.length - 1}`, last);
  });
  for (const [i, reader] of readers.entries()) {
    await check(`reader ${i + 1}: every entry once, in order`, () => {
      assert.deepEqual(reader.resets, []);
      checkAgainst(truth, reader);
    });
  }
  const connects = readers.reduce((sum, reader) => sum + reader.connects, 0);
  seen(`${last.split('-')[1]} entries, ${readers.length} readers over ${connects} connections: 0 lost, 0 doubled, 0 reordered`);
}

/** The journal, once nothing comes any more, and all readers are at its end. */
async function readSettled(center, readers) {
  for (let tries = 0; ; tries += 1) {
    const last = await settledCursor(center);
    await Promise.all(readers.map((reader, i) =>
      until(`reader ${i + 1} is at the end, ${last} (was at ${reader.last})`, () => numberOf(reader.last) >= numberOf(last), 120_000, center)));
    const truth = await readTruth(center);
    const grown = (await center.get('/api/v1/fleet')).cursor !== last || readers.some((reader) => reader.last !== last);
    if (!grown || tries === 10) return { last, truth };
  }
}

/** The cursor, once it stands still for two seconds. */
export async function settledCursor(center) {
  let cursor = '';
  for (let still = 0; still < 2;) {
    const now = (await center.get('/api/v1/fleet')).cursor;
    still = now === cursor ? still + 1 : 0;
    cursor = now;
    await sleep(1000);
  }
  return cursor;
}

/** The journal's entries from the oldest kept as {first, digests, epochs}; times never go back, numbers have no holes. */
export async function readTruth(center) {
  const truth = { first: 0, digests: [], epochs: new Set() };
  let at = 0;
  for await (const page of pages(center)) {
    for (const entry of page) {
      truth.first ||= entry.seq;
      assert.equal(entry.seq, truth.first + truth.digests.length, 'a hole in the journal');
      assert.ok(entry.at >= at, `entry ${entry.seq} is older than the one before`);
      at = entry.at;
      truth.epochs.add(entry.epoch);
      truth.digests.push(digest(JSON.stringify(entry)));
    }
  }
  assert.equal(truth.epochs.size, 1, 'more than one epoch');
  return truth;
}

/**
 * From the first entry that was ever written (from the first it got, for a reader that began with what is new) to the
 * journal's last, each once; a `reset` alone may leave some out, and never goes back.
 */
export function checkAgainst(truth, reader) {
  assert.deepEqual(reader.garbled, []);
  assert.deepEqual(reader.epochs, truth.epochs);
  const resets = [...reader.resets];
  let next = reader.after === '' ? reader.seqs[0] : 1;
  const passResets = (before) => {
    while (resets.length > 0 && resets[0].at <= before) {
      const { id } = resets.shift();
      const seq = Number(id.split('-')[1]);
      assert.ok(seq + 1 >= next, `a reset back to ${id}, where ${next} was due`);
      next = seq + 1;
    }
  };
  for (let i = 0; i < reader.seqs.length; i += 1) {
    passResets(i);
    assert.equal(reader.seqs[i], next, 'a hole, a repeat or a wrong order');
    if (next >= truth.first) assert.equal(reader.digests[i], truth.digests[next - truth.first], `entry ${next} is not as in the journal`);
    next += 1;
  }
  passResets(reader.seqs.length);
  assert.equal(next, truth.first + truth.digests.length, 'entries are missing at the end');
}
