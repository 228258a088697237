// More than can be kept, and a disk that is slow, and then fails for a while: the gateway is read all the time, memory stays
// bounded, what was lost is on record, and in the end all is as the gateway says.
import assert from 'node:assert/strict';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { FaultyDisk } from '../../support/faulty_disk.mjs';
import { Operator } from '../../support/operator.mjs';
import { campaign, megabytes, seen } from '../../support/options.mjs';
import { Reader, pages } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const MOST = 700 * 1024 * 1024;
const SLOW_MS = 100; // what each sync takes more than usual
const FAILING_SECONDS = 2;
const { count: seconds, seed } = campaign('storm', 10, 'seconds of 20,000 changes/s');

const simulator = await Simulator.start(['--agents', 200, '--sessions', 5000, '--scenario', 'changes', '--events', 0, '--rows', 'slim', '--seed', seed]);
const disk = new FaultyDisk();
const center = await ControlCenter.start({ ...simulator.env, ...disk.env });
const reader = new Reader(() => center);
await until('live', async () => (await center.gateway())?.state === 'live', 60_000, center);

await check('the gateway never has to wait for us, and memory stays bounded', async () => {
  const begun = Date.now();
  const made = (await simulator.stats()).eventsMade;
  let most = 0;
  const before = (await center.gateway()).lastEventAt;
  disk.set({ syncMs: SLOW_MS });
  await simulator.post('rate', { events: 20_000 });
  for (let second = 0; second < seconds; second += 1) {
    const failing = second >= seconds / 2 && second < seconds / 2 + FAILING_SECONDS;
    disk.set({ syncMs: SLOW_MS, error: failing ? 'EIO' : null });
    await sleep(1000);
    most = Math.max(most, center.memory());
    assert.equal((await center.gateway()).state, 'live');
  }
  disk.set();
  const { connections, eventsMade } = await simulator.stats();
  const perSecond = Math.round((eventsMade - made) / (Date.now() - begun) * 1000);
  seen(`${eventsMade - made} changes at ${perSecond}/s, which the simulator could make here, onto slow storage; ${megabytes(most)} at the most; never disconnected`);
  assert.ok(most < MOST, megabytes(most));
  await until('the gateway is heard', async () => (await center.gateway()).lastEventAt > before, 30_000, center);
  assert.equal((await center.gateway()).reconnects, 0, `the gateway threw us out; ${JSON.stringify(connections)}`);
});

await checkReaders(center, simulator, [reader]);
reader.close();

// That all was read again is what the next check shows: where nothing differed by then, it makes no entry.
await check('what was lost is on record', async () => {
  assert.ok((await center.gateway()).gaps > 0, 'no gap was counted');
  const causes = new Set();
  for await (const page of pages(center)) for (const { cause } of page) causes.add(cause);
  assert.ok(causes.has('gap'), [...causes].join());
});

await check('in the end every session is as the gateway says', async () => {
  const operator = await Operator.connect(simulator.url, 'sim-token');
  const facts = ({ key, status, updatedAt }) => `${key} ${status ?? null} ${updatedAt}`;
  const theirs = (await operator.sessions()).map(facts).sort();
  await until('ours are the same', async () => {
    const ours = [];
    for (let page = ''; page !== null;) {
      const { items, next } = await center.get(`/api/v1/sessions?limit=1000${page}`);
      ours.push(...items.map(facts));
      page = next && `&page=${next}`;
    }
    return JSON.stringify(ours.sort()) === JSON.stringify(theirs);
  }, 60_000, center);
  console.log(`  ${theirs.length} sessions`);
  operator.close();
});

await center.stop();
simulator.stop();
disk.close();
finish();
