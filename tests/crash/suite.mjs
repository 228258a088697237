// Nothing that was published is lost, doubled or reordered by kill -9, and nothing that was not committed was published.
import { finish } from '../support/checks.mjs';
import { ControlCenter, sleep } from '../support/control_center.mjs';
import { campaign } from '../support/options.mjs';
import { Reader } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';
import { checkReaders } from '../support/stream_checker.mjs';

const READERS = 8;
const { count, seed, random, progress } = campaign('crash', 50, 'kills');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 2000, '--rows', 'slim', '--seed', seed]);
let center = await ControlCenter.start(simulator.env);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));
const cuts = setInterval(() => readers[Math.floor(random() * READERS)].cut(), 250);
try {
  for (let round = 1; round <= count; round += 1) {
    await sleep(100 + random() * 900);
    center.process.kill('SIGKILL');
    await center.exited;
    const { dir } = center;
    center = await ControlCenter.start(simulator.env, { dir });
    progress(round);
  }
  clearInterval(cuts);
  await checkReaders(center, simulator, readers);
} finally {
  for (const reader of readers) reader.close();
  await center.stop();
  simulator.stop();
}
finish();
