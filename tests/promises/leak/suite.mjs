// Nothing stays behind of those who came and went: no descriptor, no reader, no memory.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, until } from '../../support/control_center.mjs';
import { campaign, megabytes, seen } from '../../support/options.mjs';
import { Simulator } from '../../support/simulator.mjs';

const AT_ONCE = 50;
const GROWTH = 24 * 1024 * 1024; // what the ring of recent entries and the allocator may still take
const { count, seed, inTime, random, progress } = campaign('leak', 3000, 'visits');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 200, '--events', 200, '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const { hostname, port } = new URL(center.url);
const authorization = `Bearer ${center.token}`;

const VISITS = [
  // a stream, left in the middle
  () => leave('/api/v1/stream?after=0', { authorization }),
  () => leave('/api/v1/stream', { authorization }),
  // an answer, read
  () => fetch(`${center.url}/api/v1/agents?limit=5`, { headers: { authorization } }).then((answer) => answer.text()),
  // somebody unknown
  () => fetch(`${center.url}/api/v1/stream`).then((answer) => answer.text()),
  // half a request, and gone
  () => raw(`GET /api/v1/stream HTTP/1.1\r\nHost: ${hostname}`),
  // nothing at all
  () => raw(''),
  // a stream, cut off by a reset
  () => raw(`GET /api/v1/stream HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${authorization}\r\n\r\n`),
];

function leave(path, headers) {
  return new Promise((resolve) => {
    const request = http.get({ hostname, port, path, headers, agent: false }, (response) => {
      response.once('data', () => request.destroy());
      response.on('close', resolve);
    });
    request.on('error', resolve);
  });
}

function raw(text) {
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname, () => {
      socket.write(text);
      setTimeout(() => socket.resetAndDestroy(), 2);
    });
    socket.on('error', () => {});
    socket.on('close', resolve);
  });
}

async function visits(many) {
  let done = 0;
  for (; done < many && inTime(); done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => VISITS[Math.floor(random() * VISITS.length)]()));
    progress(done + AT_ONCE);
  }
  return done;
}

const settled = (descriptors) => until('all of them are gone', async () =>
  (await center.metric('control_center_stream_readers')) === 0 && center.descriptors() <= descriptors, 90_000, center);

await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
await visits(500); // so that what is made once is there
await simulator.post('rate', { events: 0 });
await until('quiet', async () => (await center.metric('control_center_stream_readers')) === 0, 30_000, center);
const descriptors = center.descriptors() + 2; // the one that asks for the metrics, and one that may be closing
const memory = center.memory();

await check(`${count} visits leave no descriptor, no reader and no memory behind`, async () => {
  const came = await visits(count);
  await settled(descriptors);
  const grown = center.memory() - memory;
  seen(`${came} visits; descriptors ${descriptors - 2} before, ${center.descriptors()} after; readers 0; memory ${megabytes(memory)} before, ${megabytes(memory + grown)} after`);
  assert.ok(grown < GROWTH, `${grown} bytes more`);
});

await center.stop();
simulator.stop();
finish();
