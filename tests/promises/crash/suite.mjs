// Nothing that was published is lost, doubled or reordered by kill -9, and nothing that was not committed was published.
import { finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { campaign, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const READERS = 8;
const { count, seed, inTime, random, progress } = campaign('crash', 50, 'kills');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 2000, '--scenario', 'changes', '--rows', 'slim', '--seed', seed]);
let center = await ControlCenter.start(simulator.env);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));
const cuts = setInterval(() => readers[Math.floor(random() * READERS)].cut(), 250);
let kills = 0;
let live = 0;
try {
  while (kills < count && inTime()) {
    // Three of four wait until the gateway speaks again, if it does soon; the others strike at once, whatever happens then.
    if (kills % 4 !== 0) {
      live += await until('live', async () => (await center.gateway())?.state === 'live', 10_000).then(() => 1, () => 0);
    }
    await sleep(random() * 400);
    center.process.kill('SIGKILL');
    kills += 1;
    await center.exited;
    const { dir } = center;
    center = await ControlCenter.start(simulator.env, { dir });
    progress(kills);
  }
  clearInterval(cuts);
  const { eventsMade } = await simulator.stats();
  await checkReaders(center, simulator, readers);
  seen(`${kills} kills, ${live} of them with a live gateway; ${eventsMade} changes`);
} finally {
  for (const reader of readers) reader.close();
  await center.stop();
  simulator.stop();
}
finish();
