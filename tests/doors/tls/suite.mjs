// The program over TLS: signing in, the stream, renewal without a restart, the other commands, and what is refused.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { FaultyProxy } from '../../support/faulty_proxy.mjs';
import { Simulator } from '../../support/simulator.mjs';

const program = join(process.env.CC_BIN, 'control-center');
const scratch = mkdtempSync(join(tmpdir(), 'cc-tls-'));
const certificate = join(scratch, 'cert.pem');
const key = join(scratch, 'key.pem');

/** A pair that nobody signed but itself, for localhost. */
function draw(name, into = scratch) {
  const files = { cert: join(into, `${name}-cert.pem`), key: join(into, `${name}-key.pem`) };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '60',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  return files;
}
/** As a renewal does it: written beside, then put in place. */
function install(pair) {
  for (const [from, to] of [[pair.cert, certificate], [pair.key, key]]) {
    writeFileSync(`${to}.fresh`, readFileSync(from), { mode: 0o600 });
    renameSync(`${to}.fresh`, to);
  }
}

const first = draw('first');
const second = draw('second');
install(first);
const withTls = { CONTROL_CENTER_TLS_CERT_FILE: certificate, CONTROL_CENTER_TLS_KEY_FILE: key };
const simulator = await Simulator.start(['--agents', 20, '--sessions', 40]);
const center = await ControlCenter.start({ ...simulator.env, ...withTls });
const port = Number(new URL(center.url).port);

/** One request on a connection of its own; `trusting` a certificate's file. */
function ask(path, { method = 'GET', headers = {}, body, token = center.token, trusting = first.cert, ...more } = {}) {
  return new Promise((resolve, reject) => {
    const all = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers };
    if (body !== undefined) all['content-type'] = 'application/json';
    const request = https.request({
      host: 'localhost', port, path, method, headers: all, ca: readFileSync(trusting), agent: false, ...more,
    }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Reads the stream from `after` on; `entries` fills up. */
function follow(after, { token = center.token, trusting = first.cert, through = port } = {}) {
  const reader = { entries: [], ended: false };
  let rest = '';
  reader.request = https.get({
    host: 'localhost', port: through, path: `/api/v1/stream?after=${after}`, headers: { authorization: `Bearer ${token}` }, ca: readFileSync(trusting), agent: false,
  }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line.startsWith('data: {"seq"')) reader.entries.push(JSON.parse(line.slice(6)));
    });
    response.on('close', () => { reader.ended = true; reader.whole = response.complete; });
  });
  reader.request.on('error', () => { reader.ended = true; });
  return reader;
}

function assertInOrder(entries) {
  entries.forEach((entry, i) => assert.equal(entry.seq, entries[0].seq + i));
}

/** The certificate that the server shows now. */
function shown() {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
const fingerprintOf = (pair) => execFileSync('openssl', ['x509', '-in', pair.cert, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' }).trim().split('=')[1];

/** The program's other commands, beside the running server. */
function command(...args) {
  return spawnSync(program, args, {
    env: { PATH: process.env.PATH, HOME: scratch, WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off', CONTROL_CENTER_DATA_DIR: center.dir, ...withTls }, encoding: 'utf8', timeout: 20_000,
  });
}

const live = () => until('live', async () => JSON.parse((await ask('/api/v1/gateways')).text).items[0]?.state === 'live', 30_000, center);

await check('the log names the https address, and it is served', async () => {
  assert.match(center.url, /^https:/);
  assert.equal((await ask('/healthz', { token: null })).text, '{"status":"ok"}');
  assert.equal((await ask('/api/v1/fleet', { token: null })).status, 401);
  await live();
});

await check('the cookie is Secure, and this host\'s alone', async () => {
  const answer = await ask('/api/v1/session', { method: 'POST', token: null, body: JSON.stringify({ token: center.token }) });
  assert.equal(answer.status, 204);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^__Host-control_center_session_\d+=[^;]+; Secure; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
  const value = /=([^;]+)/.exec(cookie)[1];
  const who = (name) => ask('/api/v1/session', { token: null, headers: { cookie: `${name}=${value}` } });
  assert.equal((await who('__Host-control_center_session')).status, 200);
  assert.equal((await who('control_center_session')).status, 401);
});

await check('plain http on the port is answered with a sentence', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /https/);
});

await check('a stream over TLS misses nothing, and goes on where it broke off', async () => {
  const { cursor } = JSON.parse((await ask('/api/v1/fleet')).text);
  let reader = follow(cursor);
  for (let i = 0; i < 40; i += 1) await simulator.post('run', { agentId: 'main', durationMs: 5, outcome: 'done' });
  await until('entries', () => reader.entries.length >= 40, 20_000, center);
  reader.request.destroy();
  const last = reader.entries.at(-1);
  const before = reader.entries;
  for (let i = 0; i < 10; i += 1) await simulator.post('run', { agentId: 'main', durationMs: 5, outcome: 'done' });
  reader = follow(`${last.epoch}-${last.seq}`);
  await until('the rest', () => reader.entries.length >= 10, 20_000, center);
  assertInOrder([...before, ...reader.entries]);
  reader.request.destroy();
});

await check('a link that turns bits over ends the stream, and nothing garbled reaches who reads it', async () => {
  const proxy = await FaultyProxy.to(port, Math.random);
  const reader = follow(0, { through: proxy.port });
  await until('it reads', () => reader.entries.length > 0, 10_000, center);
  await proxy.set('corrupt');
  for (let i = 0; i < 5; i += 1) await simulator.post('run', { agentId: 'main', durationMs: 5, outcome: 'done' });
  await until('it ends', () => reader.ended, 10_000, center);
  const { events } = JSON.parse((await ask(`/api/v1/events?limit=${reader.entries.length}`)).text);
  assert.deepEqual(reader.entries, events);
  proxy.close();
});

await check('a thousand rows in one answer arrive whole', async () => {
  const answer = await ask('/api/v1/events?limit=1000');
  assert.equal(Number(answer.headers['content-length']), Buffer.byteLength(answer.text));
  assertInOrder(JSON.parse(answer.text).events);
});

await check('the other commands find the server and know it by its certificate', () => {
  const doctor = command('doctor');
  assert.match(doctor.stdout, /^ok +server: version .* serves at https:/m, doctor.stdout + doctor.stderr);
  assert.match(doctor.stdout, /^ok +certificate: .*until /m);
  const made = command('token', 'create', '--name', 'over-tls', '--role', 'viewer');
  assert.equal(made.status, 0, made.stderr);
  assert.match(command('token', 'list').stdout, /over-tls/);
  const events = command('events');
  assert.equal(events.status, 0, events.stderr);
  assert.ok(events.stdout.split('\n').length > 40);
  const copy = command('backup', join(scratch, 'copy.db'));
  assert.equal(copy.status, 0, copy.stderr);
  assert.equal(readFileSync(join(scratch, 'copy.db')).subarray(0, 15).toString(), 'SQLite format 3');
});

await check('a revoked token\'s stream ends within five seconds, and is ended rather than cut', async () => {
  const made = JSON.parse((await ask('/api/v1/tokens', { method: 'POST', body: JSON.stringify({ name: 'short', role: 'viewer' }) })).text);
  const reader = follow(0, made);
  await until('it reads', () => reader.entries.length > 0, 10_000, center);
  assert.equal((await ask(`/api/v1/tokens/${made.id}`, { method: 'DELETE' })).status, 204);
  await until('it ends', () => reader.ended, 5000, center);
  assert.ok(reader.whole);
});

await check('two hundred connections that never finish their handshake hold nobody up', async () => {
  const idle = [];
  for (let i = 0; i < 200; i += 1) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    if (i % 2) socket.write('\x16\x03\x01');
    idle.push(socket);
  }
  await sleep(200);
  for (let i = 0; i < 5; i += 1) assert.equal((await ask('/healthz')).status, 200);
  for (const socket of idle) socket.destroy();
});

await check('a new certificate counts without a restart, and open streams go on', async () => {
  const reader = follow(0);
  await until('it reads', () => reader.entries.length > 0, 10_000, center);
  const told = reader.entries.length;
  install(second);
  center.process.kill('SIGHUP');
  await until('the new one', async () => await shown() === fingerprintOf(second), 5000, center);
  await simulator.post('run', { agentId: 'main', durationMs: 5, outcome: 'done' });
  await until('it reads on', () => reader.entries.length > told, 10_000, center);
  assert.ok(!reader.ended);
  reader.request.destroy();
  assert.equal((await ask('/healthz', { trusting: second.cert })).status, 200);
  await assert.rejects(ask('/healthz', { trusting: first.cert }));
  assert.match(command('doctor').stdout, /serves at https:/);
});

await check('the files\' change is noticed without a signal, and half a change is waited out', async () => {
  writeFileSync(`${certificate}.fresh`, readFileSync(first.cert));
  renameSync(`${certificate}.fresh`, certificate);
  await until('the log says so', () => center.log.includes('the old one stays'), 15_000, center);
  assert.equal(await shown(), fingerprintOf(second));
  install(first);
  await until('the first again', async () => await shown() === fingerprintOf(first), 15_000, center);
});

await check('stopping ends the streams and the program', async () => {
  const reader = follow(0);
  await until('it reads', () => reader.entries.length > 0, 10_000, center);
  assert.equal(await center.stop(), 0);
  await until('its end', () => reader.ended, 10_000);
  assert.ok(reader.whole);
});
simulator.stop();

await check('a service without a certificate is reloaded without harm', async () => {
  const plain = await ControlCenter.start({ WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off' });
  plain.process.kill('SIGHUP');
  await until('it says so', () => plain.log.includes('no TLS certificate to read again'), 5000, plain);
  assert.equal((await fetch(`${plain.url}/healthz`)).status, 200);
  assert.equal(await plain.stop(), 0);
});

await check('what cannot be served with is refused in one line before anything is opened', () => {
  const serve = (more) => {
    const dir = join(scratch, 'never');
    const done = spawnSync(program, ['serve'], {
      env: { PATH: process.env.PATH, WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off', CONTROL_CENTER_LISTEN: '127.0.0.1:0', CONTROL_CENTER_DATA_DIR: dir, ...more }, encoding: 'utf8', timeout: 10_000,
    });
    assert.equal(done.status, 2, done.stderr);
    assert.equal(done.stderr.trim().split('\n').length, 1, done.stderr);
    assert.throws(() => readFileSync(dir), /ENOENT/);
    return done.stderr;
  };
  assert.match(serve({ CONTROL_CENTER_TLS_CERT_FILE: first.cert }), /CONTROL_CENTER_TLS_CERT_FILE: given without CONTROL_CENTER_TLS_KEY_FILE/);
  assert.match(serve({ CONTROL_CENTER_TLS_CERT_FILE: first.cert, CONTROL_CENTER_TLS_KEY_FILE: second.key }), /CONTROL_CENTER_TLS_KEY_FILE: .*is not the key of/);
  assert.match(serve({ CONTROL_CENTER_TLS_CERT_FILE: '/nowhere', CONTROL_CENTER_TLS_KEY_FILE: first.key }), /CONTROL_CENTER_TLS_CERT_FILE: cannot read \/nowhere/);
  const open = join(scratch, 'open-key.pem');
  writeFileSync(open, readFileSync(first.key), { mode: 0o644 });
  assert.match(serve({ CONTROL_CENTER_TLS_CERT_FILE: first.cert, CONTROL_CENTER_TLS_KEY_FILE: open }), /CONTROL_CENTER_TLS_KEY_FILE: .*open to other users.*chmod 600/);
});

rmSync(scratch, { recursive: true, force: true });
finish();
