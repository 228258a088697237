// What retention took away is never missing silently: whoever wanted it is told by a `reset`, at the start or in the middle.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { campaign, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { WrongClock } from '../../support/wrong_clock.mjs';
import { checkAgainst, readTruth, settledCursor } from '../../support/stream_checker.mjs';

const READERS = 4;
const ROUND_SECONDS = 10; // between two rounds of retention
const { count, seed } = campaign('retention', 1, 'times that every reader is overtaken');

const simulator = await Simulator.start(['--agents', 50, '--sessions', 1000, '--scenario', 'changes', '--events', 3000, '--rows', 'slim', '--seed', seed]);
const center = await ControlCenter.start({ ...simulator.env, CONTROL_CENTER_RETENTION_BYTES: '1MiB' });
const { token, url } = center;
const oldest = async () => (await center.get('/api/v1/events?limit=1')).events[0];
const number = (cursor) => Number(cursor.split('-')[1]);

/** Until a round took nothing away. */
async function retentionIsDone() {
  let last = 0;
  for (let still = 0; still < ROUND_SECONDS + 2;) {
    const { seq } = await oldest();
    still = seq === last ? still + 1 : 0;
    last = seq;
    await sleep(1000);
  }
}

/** The first blocks of a stream, until `enough` of them or until it says nothing more for a moment. */
async function beginning(query, headers = {}) {
  const abort = new AbortController();
  const answer = await fetch(`${url}/api/v1/stream${query}`, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: abort.signal });
  assert.equal(answer.status, 200);
  let text = '';
  const timer = setTimeout(() => abort.abort(), 1000);
  try {
    for await (const bytes of answer.body) {
      text += Buffer.from(bytes).toString();
      if (/\nevent: [^]*\n\n/.test(text)) break;
    }
  } catch { /* nothing more came */ }
  clearTimeout(timer);
  abort.abort();
  const reset = /event: reset\n(?:id: .*\n)?data: (.*)/.exec(text) ?? /id: .*\nevent: reset\ndata: (.*)/.exec(text);
  return { reset: reset ? JSON.parse(reset[1]) : null, first: /^id: (.*)$/m.exec(text)?.[1] ?? null };
}

await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));

await check('readers that stop reading are overtaken, told so, and go on without a hole', async () => {
  for (let round = 1; round <= count; round += 1) {
    const before = readers.map((reader) => reader.last ?? null);
    await until('every reader has read', () => readers.every((reader, i) => reader.last && reader.last !== before[i]), 30_000, center);
    for (const reader of readers) reader.pause();
    const held = Math.max(...readers.map((reader) => number(reader.last)));
    // What the sockets' buffers hold still arrives; so it takes a good deal more than the next entry.
    await until('retention has passed them', async () => (await oldest()).seq > held + 20_000, 240_000, center);
    const resets = readers.map((reader) => reader.resets.length);
    for (const reader of readers) reader.resume();
    await until('every reader was told', () => readers.every((reader, i) => reader.resets.length > resets[i]), 60_000, center);
  }
  await simulator.post('rate', { events: 0 });
  const last = await settledCursor(center);
  await until('every reader is at the end', () => readers.every((reader) => reader.last === last), 60_000, center);
  await retentionIsDone();
  const truth = await readTruth(center);
  for (const reader of readers) {
    checkAgainst(truth, reader);
    for (const { reason } of reader.resets) assert.equal(reason, 'retention');
  }
  const resets = readers.reduce((sum, reader) => sum + reader.resets.length, 0);
  seen(`${READERS} readers overtaken ${count} times each, told by ${resets} resets; ${last.split('-')[1]} entries, no hole`);
});

for (const reader of readers) reader.close();

await check('cursors at every edge', async () => {
  const { seq, epoch } = await oldest();
  const { cursor } = await center.get('/api/v1/fleet');
  const head = number(cursor);
  const at = (n) => `${epoch}-${n}`;
  assert.ok(seq > 2, 'retention took nothing away');

  assert.deepEqual(await beginning(`?after=${at(seq - 1)}`), { reset: null, first: at(seq) });
  assert.deepEqual(await beginning('?after=0'), { reset: null, first: at(seq) });
  assert.deepEqual((await beginning(`?after=${at(seq - 2)}`)).reset, { reason: 'retention', cursor });
  assert.deepEqual((await beginning(`?after=${at(1)}`)).reset, { reason: 'retention', cursor });
  assert.equal((await beginning(`?after=${at(head)}`)).reset, null);
  assert.deepEqual((await beginning(`?after=${at(head + 1)}`)).reset, { reason: 'epoch', cursor });
  assert.deepEqual((await beginning(`?after=zzzzzzzz-${head}`)).reset, { reason: 'epoch', cursor });
  for (const odd of ['nonsense', `${epoch}-`, `${epoch}--1`, `${epoch}-99999999999999999999999`, '-1', `${epoch}-1x`]) {
    assert.deepEqual((await beginning(`?after=${odd}`)).reset, { reason: 'malformed', cursor }, odd);
  }
  assert.deepEqual((await beginning(`?after=${at(head)}`, { 'last-event-id': at(1) })).reset, { reason: 'retention', cursor }, 'Last-Event-ID wins');

  for (const [gone, reason] of [[at(seq - 2), 'retention'], [at(head + 1), 'epoch'], [`zzzzzzzz-${head}`, 'epoch']]) {
    const answer = await fetch(`${url}/api/v1/events?after=${gone}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 410, gone);
    assert.match(await answer.text(), new RegExp(reason));
  }
});

await check('the log ahead of the database stays small', () => {
  const wal = statSync(join(center.dir, 'control-center.db-wal')).size;
  assert.ok(wal < 64 * 1024 * 1024, `${wal} bytes`);
});

await center.stop();
simulator.stop();
// ---- clocks that are wrong

const HOUR = 3_600_000;
const program = join(process.env.CC_BIN, 'control-center');

/** Starts with the clock so far ahead, until it has written something; what `look` sees then. */
async function withClock(aheadMs, at, look) {
  at.clock.set(aheadMs);
  const center = await ControlCenter.start({ ...at.simulator.env, ...at.clock.env }, { dir: at.dir });
  at.dir = center.dir;
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  const { cursor } = await center.get('/api/v1/fleet');
  await until('it writes', async () => (await center.get(`/api/v1/events?after=${cursor}`)).events.length > 0, 20_000, center);
  await sleep(3000); // a turn of retention
  const seen = await look(center);
  await center.stop({ keep: true });
  return seen;
}
const first = async (center) => (await center.get('/api/v1/events?limit=1')).events[0];
const clockPart = async (center) => (await center.get('/readyz')).parts.find((part) => part.name === 'clock');
const pair = async () => ({
  clock: new WrongClock(),
  simulator: await Simulator.start(['--agents', 2, '--sessions', 4, '--scenario', 'changes', '--events', 20]),
});

await check('a clock eight days ahead erases nothing, at the start and at the next', async () => {
  const at = await pair();
  const was = await withClock(0, at, first);
  for (let start = 0; start < 2; start += 1) assert.deepEqual(await withClock(8 * 24 * HOUR, at, first), was, `start ${start + 1}`);
  assert.deepEqual(await withClock(0, at, first), was, 'put right');
  at.simulator.stop();
});

await check('a clock that jumps eight days ahead for a moment erases nothing, and is told', async () => {
  const at = await pair();
  await withClock(0, at, async (center) => {
    const was = await first(center);
    at.clock.set(8 * 24 * HOUR);
    await sleep(13_000);
    at.clock.set(0);
    await sleep(2000);
    assert.deepEqual(await first(center), was);
    assert.match(center.log, /clock was set, or the machine slept moved_by="8 d"/);
    assert.match(center.log, /dated ahead of the clock/);
  });
  at.simulator.stop();
});

await check('entries dated ahead of the clock are told in the log, /readyz and doctor, with the way out', async () => {
  const at = await pair();
  await withClock(8 * HOUR, at, async (center) => assert.ok(!(await clockPart(center)).detail, 'nobody can know yet'));
  await withClock(0, at, async (center) => {
    assert.match(center.log, /dated ahead of the clock.* ahead="?8 h|dated ahead of the clock.* ahead="?7 h/);
    const part = await clockPart(center);
    assert.match(part.detail, /ahead/);
    assert.equal(part.ready, true);
    const found = spawnSync(program, ['doctor'], { env: { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: center.dir, ...at.simulator.env }, encoding: 'utf8' });
    assert.match(found.stdout, /^warn +clock: /m);
    assert.ok((await center.get('/api/v1/status')).journal.aheadMs > 7 * HOUR);
  });
  const alone = spawnSync(program, ['doctor'], { env: { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: at.dir, CONTROL_CENTER_LISTEN: '127.0.0.1:0', ...at.simulator.env }, encoding: 'utf8' });
  assert.match(alone.stdout, /^warn +clock: /m);
  at.simulator.stop();
});

finish();
