// Networks that misbehave, on the way to gateways and on the way to readers, each in its own way and all at once: nothing is
// lost, and all is well again soon after the network is.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { FAULTS, FaultyProxy } from '../../support/faulty_proxy.mjs';
import { campaign, seen } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const FAULT_MS = 2500;
// So much trouble is met with waits of 1, 2 and 4 s, each up to a fifth longer. Readers here come back after 20 ms.
const ALLOWED_MS = { gateway: 4800 + 2000, reader: 20 + 2000 };
const PROVED_MS = 10_500; // a connection that was good for 10 s lets the next waits begin at 1 s again
const { count, seed, random } = campaign('chaos', 1, 'rounds of every fault on both links');

const simulator = await Simulator.start(['--agents', 5, '--sessions', 50, '--events', 20, '--seed', seed]);
const simulatorPort = Number(new URL(simulator.http).port);
/** A link for each fault, so that no gateway pays for what another one went through. */
const toGateways = await Promise.all(FAULTS.map(() => FaultyProxy.to(simulatorPort, random)));
const names = FAULTS.map((_, i) => `g${i}`);
const config = join(mkdtempSync(join(tmpdir(), 'cc-chaos-')), 'config.toml');
writeFileSync(config, toGateways.map((proxy, i) =>
  `[[gateway]]\nname = "${names[i]}"\nws_url = "ws://127.0.0.1:${proxy.port}/"\nrest_url = ""\ntoken = "${simulator.token}"\n`).join('\n'), { mode: 0o600 });
const center = await ControlCenter.start({ GATEWAY_URL: undefined }, { args: ['--config', config] });
const toReaders = await Promise.all(FAULTS.map(() => FaultyProxy.to(Number(new URL(center.url).port), random)));
const readers = toReaders.map((proxy) => new Reader(() => ({ url: `http://127.0.0.1:${proxy.port}`, token: center.token })));
const worst = { gateway: 0, reader: 0 };

const shuffled = (list) => list.map((item) => [random(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);

/** Waits until the link does again what it is for, and remembers how long that took since `healed`. */
async function recover(kind, what, healed, isWell) {
  await until(what, isWell, ALLOWED_MS[kind], center);
  worst[kind] = Math.max(worst[kind], Date.now() - healed);
}

async function allWell() {
  const { items } = await center.get('/api/v1/gateways');
  return items.length === names.length && items.every((row) => row.state === 'live' && Date.now() - row.connectedAt > PROVED_MS);
}

try {
  for (let round = 1; round <= count; round += 1) {
    await until('proved connections', allWell, 60_000, center);
    const inFaults = shuffled(FAULTS);
    // A bit that turns over where TCP's own checksum cannot see it is for TLS to find: who reads on such a link is not
    // held against the journal, but everybody else is.
    const outFaults = shuffled(FAULTS);
    const corrupted = outFaults.indexOf('corrupt');
    readers[corrupted].close();
    const victim = new Reader(() => ({ url: `http://127.0.0.1:${toReaders[corrupted].port}`, token: center.token }));
    await Promise.all([...toGateways.map((proxy, i) => proxy.set(inFaults[i])), ...toReaders.map((proxy, i) => proxy.set(outFaults[i]))]);
    await sleep(FAULT_MS);
    await Promise.all([...toGateways, ...toReaders].map((proxy) => proxy.set('none')));
    const healed = Date.now();
    const last = readers.map((reader) => reader.last);
    victim.close();
    readers[corrupted] = new Reader(() => ({ url: `http://127.0.0.1:${toReaders[corrupted].port}`, token: center.token }));
    await Promise.all([
      ...inFaults.map((fault, i) => check(`to a gateway: ${fault}`, () => recover('gateway', 'it is heard again', healed, async () => {
        const row = await center.gateway(names[i]);
        return row.state === 'live' && row.lastEventAt > healed;
      }))),
      ...outFaults.map((fault, i) => check(`to readers: ${fault}`, () =>
        recover('reader', 'the reader reads again', healed, () => readers[i].last && (readers[i].last !== last[i] || i === corrupted)))),
    ]);
  }
  await checkReaders(center, simulator, readers);
  seen(`well again after ${worst.gateway} ms at the worst on the way to gateways (allowed ${ALLOWED_MS.gateway}), ` +
    `${worst.reader} ms to readers (allowed ${ALLOWED_MS.reader})`);
} finally {
  for (const reader of readers) reader.close();
  for (const proxy of [...toGateways, ...toReaders]) proxy.close();
  await center.stop();
  simulator.stop();
}
finish();
