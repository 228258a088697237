// Connections that never ask anything whole: half-open ones, heads that dribble (slowloris), bodies that dribble. Those who
// have something to ask do not notice.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { Worker } from 'node:worker_threads';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { campaign } from '../../support/options.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

const SECONDS = 12; // longer than a head may take
const BYTES_EACH = 24 * 1024;
const { count, seed } = campaign('siege', 2000, 'connections that ask nothing whole');

const simulator = await Simulator.start(['--agents', 20, '--sessions', 100, '--events', 300, '--seed', seed]);
const center = await ControlCenter.start(simulator.env);
const { port } = new URL(center.url);
const readers = Array.from({ length: 5 }, () => new Reader(() => center));
await until('they read', () => readers.every((reader) => reader.last), 30_000, center);

/** One request on a connection of its own: how long it took, or why it failed. */
function ask() {
  const begun = performance.now();
  return new Promise((resolve) => {
    const request = http.get(`${center.url}/api/v1/status`, { headers: { authorization: `Bearer ${center.token}` }, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200 ? performance.now() - begun : `status ${response.statusCode}`));
    });
    request.on('error', (error) => resolve(error.message));
  });
}
async function askFor(seconds) {
  const took = [];
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(40)) took.push(await ask());
  return took;
}
function figures(took) {
  const sorted = took.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1);
  return `${took.length} requests, median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

// ---- the attack

const KINDS = [
  { words: '' },
  { words: 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ', more: 'x' },
  { words: 'POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{', more: ' ' },
];
let besieging = true;
let cut = 0;
const sockets = new Set();
function besiege(kind) {
  const socket = net.connect(port, '127.0.0.1');
  sockets.add(socket);
  socket.on('connect', () => socket.write(kind.words));
  if (kind.more) socket.timer = setInterval(() => socket.write(kind.more), 1000);
  socket.on('error', () => {});
  socket.resume();
  socket.on('close', () => {
    clearInterval(socket.timer);
    sockets.delete(socket);
    cut += 1;
    if (besieging) besiege(kind);
  });
}

const descriptors = center.descriptors();
const memory = center.memory();
const calm = await askFor(3);
console.log(`  before: ${figures(calm)}`);
const connects = readers.map((reader) => reader.connects);
for (let i = 0; i < count; i += 1) {
  besiege(KINDS[i % KINDS.length]);
  if (i % 200 === 199) await sleep(20);
}
await until('they are all there', () => center.descriptors() >= descriptors + count * 0.9, 30_000, center);
const besieged = await askFor(SECONDS);
const grown = center.memory() - memory;
console.log(`  seen: under siege ${figures(besieged)}; ${cut} connections cut; ${(grown / 1048576).toFixed(0)} MiB more`);

await check('every request is answered', () => {
  assert.deepEqual(besieged.filter((took) => !Number.isFinite(took)), []);
  assert.ok(besieged.length > 20);
});
await check('heads that do not come are cut off after their ten seconds', () => assert.ok(cut >= count / 2, `${cut} were cut`));
await check('a connection that asks nothing costs little', () => assert.ok(grown < 20 * 1024 * 1024 + count * BYTES_EACH, `${grown} bytes`));
await check('readers are not cut off', () => assert.deepEqual(readers.map((reader) => reader.connects), connects));

besieging = false;
for (const socket of sockets) socket.destroy();
await check('nothing of it is left', () => until('descriptors', () => center.descriptors() <= descriptors + 5, 15_000, center));
await checkReaders(center, simulator, readers);

for (const reader of readers) reader.close();
await center.stop();
simulator.stop();

// ---- all places taken

const PLACES = 100;
const OF_ITS_OWN = 64; // files of the program that are no connections
const JSON_POST = 'POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
const page = (token) => `GET /api/v1/events?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
const IDLE = {
  'heads that never end': () => 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n',
  'GET with a body that never comes': () => 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n',
  'POST with a body that never comes': () => `${JSON_POST}Content-Length: 5\r\n\r\n`,
  'chunked bodies that stop': () => `${JSON_POST}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
  'answers that are never taken': (token) => page(token).repeat(30),
};

const busy = await Simulator.start(['--agents', 50, '--sessions', 2000, '--events', 500]);
const narrow = await ControlCenter.start(busy.env, { files: PLACES + OF_ITS_OWN });
await until('there is something to take', async () => (await narrow.get('/api/v1/status')).journal.entries > 500, 30_000, narrow);
const narrowPort = new URL(narrow.url).port;

/** Status of `/healthz`, on a connection of its own. */
const health = () => new Promise((resolve) => {
  const request = http.get(`${narrow.url}/healthz`, { agent: false }, (response) => { response.resume(); resolve(response.statusCode); });
  request.on('error', (error) => resolve(error.message));
});

for (const [what, words] of Object.entries(IDLE)) {
  await check(`${what} on every place: whoever waits longest makes room`, async () => {
    const idle = Array.from({ length: 2 * PLACES }, () => {
      const one = net.connect(narrowPort, '127.0.0.1', () => one.write(words(narrow.token)));
      one.on('error', () => {});
      one.pause();
      return one;
    });
    await sleep(1500);
    const answers = [];
    for (let i = 0; i < 30; i += 1) answers.push(await health());
    for (const one of idle) one.destroy();
    assert.deepEqual(answers.filter((status) => status !== 200), []);
  });
}

// ---- what is no body, without end

const MOST = 40 * 1024 * 1024;
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const ENDLESS = {
  'a chunk extension': ['1;', 'x'],
  'zeros as the size of a chunk': ['', '0'],
  'a trailer': ['0\r\nX: ', 'x'],
  'trailers': ['0\r\n', 'a: b\r\n'],
  'extensions of small chunks': ['', '1;abcdefgh\r\nx\r\n'],
};
for (const [what, [first, more]] of Object.entries(ENDLESS)) {
  await check(`${what} without end is cut off, and nobody keeps it`, async () => {
    const before = narrow.memory();
    const piece = more.repeat(Math.ceil(65536 / more.length));
    let sent = 0;
    let most = 0;
    await new Promise((resolve) => {
      const one = net.connect(narrowPort, '127.0.0.1', () => one.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n${CHUNKED}${first}`, go));
      const go = (error) => {
        if (error) return;
        most = Math.max(most, narrow.memory() - before);
        sent += piece.length;
        if (sent > 4 * MOST || one.destroyed) one.destroy();
        else one.write(piece, go);
      };
      one.resume();
      one.on('error', () => {});
      one.on('close', resolve);
    });
    assert.ok(sent < MOST, `${sent} bytes were taken`);
    assert.ok(most < MOST, `${most} bytes of memory`);
    assert.equal(await health(), 200);
  });
}

await check('wrong sign-ins do not fill the log', async () => {
  const lines = () => narrow.log.split('\n').filter((line) => line.includes('sign-in refused')).length;
  for (let i = 0; i < 500; i += 1) {
    await fetch(`${narrow.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"token":"guess"}' });
  }
  assert.ok(lines() <= 2, `${lines()} lines`);
});

await narrow.stop();
busy.stop();

// ---- pages of a megabyte

/** Asks without pause, in a thread of its own; `count` says how many were answered with 200, and `bad` what else came. */
const asking = (url, options) => new Worker(`
  const { parentPort, workerData: { url, options } } = require('node:worker_threads');
  const http = require('node:http');
  const bad = [];
  let count = 0;
  const ask = () => http.request(url, { ...options, agent: false }, (response) => {
    response.resume();
    if (![200, 204].includes(response.statusCode)) bad.push(response.statusCode);
    response.on('end', () => { count += 1; parentPort.postMessage(count); setTimeout(ask, 5); });
  }).on('error', (error) => { bad.push(error.message); setTimeout(ask, 5); }).end(options.body);
  parentPort.on('message', () => { parentPort.postMessage({ bad }); process.exit(); });
  ask();
`, { eval: true, workerData: { url, options } });

const PAGES = 300;
await check('three hundred pages of a megabyte at once delay neither health, nor sign-ins, nor streams', async () => {
  const source = await Simulator.start(['--agents', 50, '--sessions', 2000, '--scenario', 'changes', '--events', 2000]);
  const large = await ControlCenter.start(source.env);
  await until('there is much to read', async () => (await large.get('/api/v1/status')).journal.entries > 5000, 60_000, large);
  await source.post('rate', { events: 100 });
  const askers = {
    health: asking(`${large.url}/healthz`, {}),
    'sign-in': asking(`${large.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: large.token }) }),
  };
  let done = 0;
  const between = Object.fromEntries([...Object.keys(askers), 'stream'].map((name) => [name, { last: 0, most: 0 }]));
  /** How many pages went by since it was answered last. */
  const note = (name) => {
    const seen = between[name];
    seen.most = Math.max(seen.most, done - seen.last);
    seen.last = done;
  };
  for (const [name, asker] of Object.entries(askers)) asker.on('message', () => note(name));
  const reader = new Reader(() => large, { hear: () => note('stream') });
  await until('it reads', () => reader.last, 30_000, large);
  await sleep(500);
  const before = large.memory();
  let most = 0;
  const statuses = new Map();
  let bytes = 0;
  /** Comes again, as it is told, where it asked for too much at once. */
  const page = () => new Promise((resolve) => {
    http.get(`${large.url}/api/v1/events?limit=1000`, { headers: { authorization: `Bearer ${large.token}` }, agent: false }, (response) => {
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      response.on('data', (data) => { bytes += data.length; });
      response.on('end', () => {
        most = Math.max(most, large.memory() - before);
        if (response.statusCode !== 429) resolve(done += 1);
        else setTimeout(() => resolve(page()), 1000 * Number(response.headers['retry-after']));
      });
    }).on('error', resolve);
  });
  await Promise.all(Array.from({ length: PAGES }, page));
  for (const name of Object.keys(between)) note(name);
  console.log(`  seen: ${[...statuses].map(([status, times]) => `${times} x ${status}`).join(', ')}, ${(bytes / 1048576).toFixed(0)} MiB; ` +
    `most pages between two answers: ${Object.entries(between).map(([name, seen]) => `${name} ${seen.most}`).join(', ')}; ${(most / 1048576).toFixed(0)} MiB more`);
  for (const asker of Object.values(askers)) {
    const { bad } = await new Promise((resolve) => { asker.on('message', (said) => { if (said.bad) resolve(said); }); asker.postMessage('end'); });
    assert.deepEqual(bad, []);
  }
  assert.deepEqual([...statuses.keys()].filter((status) => ![200, 429].includes(status)), []);
  assert.equal(statuses.get(200), PAGES, 'all are served');
  for (const [name, seen] of Object.entries(between)) assert.ok(seen.most < PAGES / 3, `${name} waited for ${seen.most} pages`);
  assert.ok(most < 256 * 1024 * 1024, `${most} bytes more`); // an answer counts once it has come from its worker
  reader.close();
  await large.stop();
  source.stop();
});

// ---- a gateway that has more than may be kept

await check('of a gateway that has too much the oldest idle sessions are left out, and its row says so', async () => {
  const source = await Simulator.start(['--agents', 2, '--sessions', 2, '--events', 0]);
  for (let i = 0; i < 24; i += 1) await source.post('sessions', { op: 'flood', count: 500, bytes: 4000 });
  const center = await ControlCenter.start(source.env);
  const told = (row) => row?.state === 'live' && /left out/.test(row.detail ?? '');
  await center.until('told', 'gateway', 'default', told, 60_000);
  const listed = (await center.get('/api/v1/sessions?limit=1')).total;
  let most = center.memory();
  let last;
  for (let i = 0; i < 530; i += 1) {
    last = JSON.parse(await source.post('sessions', { op: 'flood', count: 100, bytes: 2000 })).key;
    most = Math.max(most, center.memory());
  }
  await center.until('the newest', 'sessions', last, (row) => row?.title, 60_000);
  await sleep(2500); // a turn of making room
  const { total } = await center.get('/api/v1/sessions?limit=1');
  const { items } = await center.get('/api/v1/agents');
  console.log(`  seen: ${listed} of 12,000 kept of the list, ${total} after 53,000 more by events; ${(most / 1048576).toFixed(0)} MiB resident at the most`);
  assert.ok(listed > 4000 && listed < 11_000, `${listed} sessions of the list`);
  assert.ok(total > 4000 && total < 20_000, `${total} sessions in the end`);
  assert.equal(items.reduce((sum, agent) => sum + agent.sessions, 0), total, 'what agents count is what is there');
  await center.until('its row still says so', 'gateway', 'default', told, 60_000);
  assert.match(center.log, /has more than is kept of one/);
  assert.ok(most < 330 * 1024 * 1024, `${most} bytes`);
  await center.stop();
  source.stop();
});

finish();
