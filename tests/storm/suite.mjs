// More than can be kept: the gateway is read all the time, memory stays bounded, what was lost is on record, and in the end
// all is as the gateway says.
import assert from 'node:assert/strict';

import { check, finish } from '../support/checks.mjs';
import { ControlCenter, sleep, until } from '../support/control_center.mjs';
import { Operator } from '../support/operator.mjs';
import { campaign } from '../support/options.mjs';
import { Reader } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';
import { checkReaders } from '../support/stream_checker.mjs';

const MOST = 700 * 1024 * 1024;
const { count: seconds, seed } = campaign('storm', 10, 'seconds of 20,000 changes/s');

const simulator = await Simulator.start(['--agents', 200, '--sessions', 5000, '--scenario', 'storm', '--events', 20_000, '--rows', 'slim', '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const reader = new Reader(() => center);
await until('live', async () => (await center.gateway())?.state === 'live', 60_000, center);

await check('the gateway never has to wait for us, and memory stays bounded', async () => {
  let most = 0;
  const heard = [];
  for (let second = 0; second < seconds; second += 1) {
    await sleep(1000);
    most = Math.max(most, center.memory());
    heard.push((await center.gateway()).lastEventAt);
    assert.equal((await center.gateway()).state, 'live');
  }
  const { connections } = await simulator.stats();
  console.log(`  memory: ${(most / 1048576).toFixed(0)} MiB at the most; ${JSON.stringify(connections)} connections at the gateway`);
  assert.ok(most < MOST, `${most} bytes`);
  assert.ok(heard.at(-1) > heard[0], 'the gateway was not heard');
  assert.equal((await center.gateway()).reconnects, 0, 'the gateway threw us out');
});

await checkReaders(center, simulator, [reader]);
reader.close();

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
finish();
