// The seam between what is replayed and what is live has no hole and no double, however often it is crossed.
import { finish } from '../support/checks.mjs';
import { ControlCenter, sleep } from '../support/control_center.mjs';
import { campaign } from '../support/options.mjs';
import { Reader } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';
import { checkReaders } from '../support/stream_checker.mjs';

const READERS = 8;
const { count, seed, random, progress } = campaign('seam', 300, 'reconnects');

const simulator = await Simulator.start(['--agents', 50, '--sessions', 500, '--events', 5000, '--rows', 'slim', '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));
try {
  for (let round = 1; round <= count; round += 1) {
    await sleep(random() * 60);
    readers[Math.floor(random() * READERS)].cut();
    progress(round);
  }
  await checkReaders(center, simulator, readers);
} finally {
  for (const reader of readers) reader.close();
  await center.stop();
  simulator.stop();
}
finish();
