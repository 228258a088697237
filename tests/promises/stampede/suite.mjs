// A restart brings all readers back, and not all at once; nothing is lost on the way.
import assert from 'node:assert/strict';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { campaign, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const WITNESSES = 5;
const { count, seed } = campaign('stampede', 300, 'readers');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 50, '--seed', seed]);
let center = await ControlCenter.start(simulator.env, { args: ['--listen', `127.0.0.1:${20000 + (seed % 10000)}`] });
const readers = Array.from({ length: count }, () => new Reader(() => center, { patient: true }));

await check('they all come back, spread over the seconds that `retry` gives', async () => {
  await until('all of them read', () => readers.every((reader) => reader.last && reader.retry >= 1000), 60_000, center);
  const { dir, url } = center;
  center.process.kill('SIGKILL');
  await center.exited;
  const gone = Date.now();
  const back = [];
  for (const reader of readers) {
    const connect = reader.connect.bind(reader);
    reader.connect = () => { back.push(Date.now() - gone); connect(); };
  }
  center = await ControlCenter.start(simulator.env, { dir, args: ['--listen', new URL(url).host] });
  await until('all of them are back', async () => (await center.metric('control_center_stream_readers')) === count, 60_000, center);
  const seconds = [1, 2, 3, 4, 5].map((second) => back.filter((ms) => ms >= second * 1000 - 100 && ms < second * 1000 + 900).length);
  seen(`back in second 1 to 5 after kill -9: ${seconds.join(', ')}`);
  const most = Math.max(...[0, 1, 2, 3, 4, 5].map((second) => back.filter((ms) => Math.floor(ms / 1000) === second).length));
  assert.ok(most < count * 0.5, `${most} of ${count} in one second`);
});

await sleep(1000);
for (const reader of readers.slice(WITNESSES)) reader.close();
await checkReaders(center, simulator, readers.slice(0, WITNESSES));
for (const reader of readers) reader.close();
await center.stop();
simulator.stop();
finish();
