// Networks that misbehave, on the way to the gateway and on the way to the readers: nothing is lost, and all is well again
// soon after the network is.
import { check, finish } from '../support/checks.mjs';
import { ControlCenter, sleep, until } from '../support/control_center.mjs';
import { FAULTS, FaultyProxy } from '../support/faulty_proxy.mjs';
import { campaign } from '../support/options.mjs';
import { Reader } from '../support/reader.mjs';
import { Simulator } from '../support/simulator.mjs';
import { checkReaders } from '../support/stream_checker.mjs';

const FAULT_MS = 2500;
// So much trouble is met with waits of 1, 2 and 4 s, each up to a fifth longer; two more are for connecting. The machine may
// be busy with other things, so what fails is thrice that.
const RECOVERY_MS = 3 * (4800 + 2000);
const PROVED_MS = 10_500; // a connection that was good for 10 s lets the next waits begin at 1 s again
const READERS = 6;
// A bit that turns over where TCP's own checksum cannot see it is for TLS to find.
const FOR_READERS = FAULTS.filter((fault) => fault !== 'corrupt');
const { count, seed, random } = campaign('chaos', 4, 'faults on each side');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 200, '--seed', seed]);
const toGateway = await FaultyProxy.to(Number(new URL(simulator.http).port), random);
const center = await ControlCenter.start({
  ...simulator.env,
  WS_GATEWAY_URL: `ws://127.0.0.1:${toGateway.port}/`,
});
const toReaders = await FaultyProxy.to(Number(new URL(center.url).port), random);
const reached = { url: `http://127.0.0.1:${toReaders.port}`, token: center.token };
const readers = Array.from({ length: READERS }, () => new Reader(() => reached));
const recoveries = [];
const head = async () => (await center.get('/api/v1/fleet')).cursor;
/** All of them in an order that the seed gives, again and again. */
const shuffled = (list) => list.map((item) => [random(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);
const inOrder = shuffled(FAULTS);
const inOrderForReaders = shuffled(FOR_READERS);

/** Lets the fault reign, then waits until `isWell`, and tells how long that took. */
async function strike(proxy, fault, isWell) {
  await proxy.set(fault);
  await sleep(FAULT_MS);
  await proxy.set('none');
  const healed = Date.now();
  await until('all is well again', await isWell(), RECOVERY_MS, center);
  recoveries.push(Date.now() - healed);
}

try {
  await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
  for (let round = 0; round < count; round += 1) {
    await until('a proved connection', async () => Date.now() - (await center.gateway()).connectedAt > PROVED_MS, 60_000, center);
    const onTheWayIn = inOrder[round % inOrder.length];
    await check(`to the gateway: ${onTheWayIn}`, () => strike(toGateway, onTheWayIn, async () => {
      const before = await head();
      return async () => (await center.gateway())?.state === 'live' && (await head()) !== before;
    }));
    const onTheWayOut = inOrderForReaders[round % inOrderForReaders.length];
    await check(`to the readers: ${onTheWayOut}`, () => strike(toReaders, onTheWayOut, async () => {
      const before = readers.map((reader) => reader.last);
      return () => readers.every((reader, i) => reader.last && reader.last !== before[i]);
    }));
  }
  const sorted = recoveries.toSorted((a, b) => a - b);
  console.log(`  recovered after ${sorted[sorted.length >> 1]} ms at the median, ${sorted.at(-1)} ms at the worst`);
  await checkReaders(center, simulator, readers);
} finally {
  for (const reader of readers) reader.close();
  toGateway.close();
  toReaders.close();
  await center.stop();
  simulator.stop();
}
finish();
