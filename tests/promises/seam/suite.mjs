// The seam between what is replayed and what is live has no hole and no double, however often it is crossed.
import { finish } from '../../support/checks.mjs';
import { ControlCenter, sleep } from '../../support/control_center.mjs';
import { campaign, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const READERS = 8;
const { count, seed, inTime, random, progress } = campaign('seam', 300, 'reconnects');

const simulator = await Simulator.start(['--agents', 50, '--sessions', 500, '--events', 5000, '--scenario', 'changes', '--rows', 'slim', '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const readers = Array.from({ length: READERS }, () => new Reader(() => center));
try {
  let cuts = 0;
  while (cuts < count && inTime()) {
    await sleep(random() * 60);
    const reader = readers[Math.floor(random() * READERS)];
    if (!reader.last) continue;
    reader.cut();
    cuts += 1;
    progress(cuts);
  }
  await checkReaders(center, simulator, readers);
  seen(`${cuts} cuts`);
} finally {
  for (const reader of readers) reader.close();
  await center.stop();
  simulator.stop();
}
finish();
