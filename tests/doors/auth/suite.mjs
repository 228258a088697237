// Who may do what: every operation of the API's own description, asked by everybody who should not get in, and by
// somebody who should. A route that the description gains is in the matrix at once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';

const RANK = { public: 0, viewer: 1, operator: 2, admin: 3 };
const WRITES = new Set(['post', 'put', 'patch', 'delete']);
const BODIES = {
  'post /api/v1/session': (token) => ({ token }),
  'post /api/v1/tokens': () => ({ name: `made-${Math.random()}`, role: 'viewer' }),
  'post /api/v1/commands': () => commandOf('stop'),
};
/** A command that would do, but for the gateway: there is none. */
const MEMBERS = { approval: 'approvalId', question: 'approvalId', session: 'sessionKey', agent: 'agentId', cron: 'jobId', device: 'requestId' };
const PARAMS = {
  'approval.decide': { decision: 'deny' },
  'question.answer': { answers: { where: ['here'] } },
  'session.send': { text: 'hello' },
  'agent.create': { name: 'otto' },
  'cron.create': { name: 'daily', agentId: 'otto', schedule: {}, payload: {} },
  'cron.update': { patch: {} },
};
function commandOf(kind) {
  const member = kind === 'device.remove' ? 'deviceId' : MEMBERS[kind.split('.')[0]];
  const target = kind.endsWith('.create') || !member ? {} : { [member]: 'nothing' };
  return { gateway: 'nothing', kind, target, params: PARAMS[kind] ?? {} };
}
const TOO_LONG = 'x'.repeat(9 * 1024);

const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
const { hostname, port } = new URL(center.url);

/** One request, exactly as given. A stream is left after its head. */
function ask(method, path, { token, headers = {}, body } = {}) {
  const all = { ...headers };
  if (token !== undefined) all.authorization = `Bearer ${token}`;
  if (body !== undefined) {
    all['content-type'] ??= 'application/json';
    all['content-length'] ??= Buffer.byteLength(body);
  }
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method: method.toUpperCase(), headers: all, agent: false }, (response) => {
      const answer = { status: response.statusCode, headers: response.headers, text: '' };
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        request.destroy();
        return resolve(answer);
      }
      response.setEncoding('utf8');
      response.on('data', (data) => { answer.text += data; });
      response.on('end', () => resolve(answer));
    });
    request.on('error', reject);
    request.end(all['content-length'] > 1_000_000 ? undefined : body);
  });
}

async function make(role, expiresIn = null) {
  const answer = await ask('post', '/api/v1/tokens', {
    token: center.token, body: JSON.stringify({ name: `${role}-${Math.random()}`, role, expiresIn }),
  });
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text);
}

/** The operations, with a body that would do where one is wanted. */
async function operations() {
  const { paths } = await center.get('/api/openapi.json');
  const all = [];
  for (const [template, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (method === 'parameters') continue;
      const role = operation['x-role'];
      assert.ok(role in RANK, `${method} ${template} names no role`);
      const path = template.replaceAll(/\{[^}]+\}/g, 'nothing');
      const name = `${method} ${template}`;
      const body = operation.requestBody ? JSON.stringify(BODIES[name](center.token)) : undefined;
      all.push({ name, method, path, role, body, answers: Object.keys(operation.responses), methods: Object.keys(item) });
    }
  }
  return all;
}

/** The cookie of a browser that signs in with the token. */
async function signIn(token) {
  const answer = await ask('post', '/api/v1/session', { body: JSON.stringify({ token }) });
  assert.equal(answer.status, 204, answer.text);
  return answer.headers['set-cookie'][0].split(';')[0];
}

const revoked = await make('admin');
const cookies = { revoked: await signIn(revoked.token) };
assert.equal((await ask('delete', `/api/v1/tokens/${revoked.id}`, { token: center.token })).status, 204);
const expired = await make('admin', 3000);
cookies.expired = await signIn(expired.token);
cookies['signed out'] = await signIn(center.token);
assert.equal((await ask('delete', '/api/v1/session', { headers: { cookie: cookies['signed out'] } })).status, 204);
await until('a token expires', async () => (await ask('get', '/api/v1/status', { token: expired.token })).status === 401);
const viewer = await make('viewer');
const operator = await make('operator');

const matrix = await operations();
assert.ok(matrix.length > 20);
// Leaving signs nobody out here: a bearer token has no session.
for (const { name, method, path, role, body, answers, methods } of matrix) {
  const isPublic = role === 'public';
  const status = async (how) => (await ask(method, path, { body, ...how })).status;

  await check(`${name}: nobody, or somebody who is no longer anybody, is not let in`, async () => {
    const strangers = { none: undefined, bad: 'no-such-token-at-all', empty: '', revoked: revoked.token, expired: expired.token };
    for (const [who, token] of Object.entries(strangers)) {
      const got = await status({ token });
      if (isPublic) assert.notEqual(got, 401, who);
      else assert.equal(got, 401, who);
    }
    for (const authorization of [`Basic ${center.token}`, `Bearer  ${center.token}x`, `bearer${center.token}`]) {
      if (!isPublic) assert.equal(await status({ headers: { authorization } }), 401, authorization.split(' ')[0]);
    }
    if (isPublic) return;
    assert.equal(await status({ headers: { cookie: 'control_center_session=made-up' } }), 401);
    for (const [why, cookie] of Object.entries(cookies)) assert.equal(await status({ headers: { cookie } }), 401, `a cookie that is ${why}`);
    assert.equal((await ask(method, `${path}?token=${center.token}`, { body })).status, 401, 'a token in the URL');
  });

  await check(`${name}: the role is looked at`, async () => {
    for (const [has, token] of [['viewer', viewer.token], ['operator', operator.token]]) {
      const got = await status({ token });
      if (RANK[has] < RANK[role]) assert.equal(got, 403, has);
      else assert.ok(got !== 401 && got !== 403, `${has}: ${got}`);
    }
  });

  await check(`${name}: who may gets a described answer, with every guard on it`, async () => {
    const answer = await ask(method, path, { body, token: center.token });
    assert.ok(answers.includes(String(answer.status)), `${answer.status} is not described`);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    if (path !== '/') assert.equal(answer.headers['cache-control'], 'no-store');
    if (answer.status >= 400) assert.equal(answer.headers['content-type'], 'application/problem+json');
  });

  await check(`${name}: a foreign Host gets nothing, signed in or not`, async () => {
    for (const host of ['evil.example', 'evil.example:80', `127.0.0.1.evil.example:${port}`]) {
      assert.equal(await status({ token: center.token, headers: { host } }), 421, host);
      assert.equal(await status({ headers: { host } }), 421, host);
    }
  });

  await check(`${name}: another origin neither writes nor reads along`, async () => {
    for (const origin of ['https://evil.example', 'null', `http://${hostname}:1`]) {
      const answer = await ask(method, path, { body, token: center.token, headers: { origin } });
      if (WRITES.has(method)) assert.equal(answer.status, 403, origin);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    for (const site of ['cross-site', 'same-site']) {
      const fetched = await status({ token: center.token, headers: { 'sec-fetch-site': site } });
      if (WRITES.has(method) || !isPublic) assert.equal(fetched, 403, site);
    }
  });

  await check(`${name}: other methods, too much and the wrong kind are refused`, async () => {
    const other = ['patch', 'put'].find((candidate) => !methods.includes(candidate));
    const wrong = await ask(other, path, { token: center.token });
    assert.equal(wrong.status, 405);
    for (const known of methods.filter((word) => word !== 'parameters')) assert.ok(wrong.headers.allow.includes(known.toUpperCase()), wrong.headers.allow);
    assert.equal((await ask(method, `${path}?q=${TOO_LONG}`, { body, token: center.token })).status, 414);
    assert.equal(await status({ token: center.token, headers: { 'x-filler': 'x'.repeat(17 * 1024) } }), 431);
    if (!WRITES.has(method)) return;
    assert.equal(await status({ token: center.token, body: '{}', headers: { 'content-length': 9_000_000 } }), 413);
    assert.equal(await status({ token: center.token, body: 'token=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415);
    assert.equal(await status({ token: center.token, body: '{}', headers: { 'content-type': 'text/plain' } }), 415);
  });
}

const { properties } = (await center.get('/api/openapi.json')).paths['/api/v1/commands'].post.requestBody.content['application/json'].schema;
const kinds = Object.entries(properties.kind['x-roles']);
assert.ok(kinds.length > 20);
for (const [kind, role] of kinds) {
  await check(`command ${kind}: the role is looked at`, async () => {
    for (const [has, token] of [['viewer', viewer.token], ['operator', operator.token], ['admin', center.token]]) {
      const { status, text } = await ask('post', '/api/v1/commands', { token, body: JSON.stringify(commandOf(kind)) });
      assert.equal(status, RANK[has] < RANK[role] ? 403 : 404, `${has}: ${text}`);
    }
  });
}

await check('commands that a role may not give are on record, with who it was', async () => {
  const { items } = await center.get('/api/v1/audit?limit=1000');
  const refused = items.filter(({ event, result }) => event === 'command' && result === 'refused');
  for (const [kind, role] of kinds) {
    if (role === 'admin') assert.ok(refused.some(({ who, subject }) => who === operator.name && subject.startsWith(`${kind} `)), kind);
  }
});

/** A stream that is open, and notes when it is not any more. */
async function follow(headers) {
  const stream = { open: false };
  const request = http.get(`${center.url}/api/v1/stream`, { headers, agent: false }, (response) => {
    stream.open = response.statusCode === 200;
    response.resume();
    response.on('close', () => { stream.open = false; });
  });
  request.on('error', () => {});
  await until('the stream is open', () => stream.open, 5000, center);
  return stream;
}

await check('revoking a token closes its streams within five seconds, those of browsers that signed in with it too', async () => {
  const made = await make('viewer');
  const other = await make('viewer');
  const streams = [await follow({ authorization: `Bearer ${made.token}` }), await follow({ cookie: await signIn(made.token) })];
  const stays = [await follow({ authorization: `Bearer ${other.token}` }), await follow({ cookie: await signIn(center.token) })];
  assert.equal((await ask('delete', `/api/v1/tokens/${made.id}`, { token: center.token })).status, 204);
  await until('they are closed', () => streams.every(({ open }) => !open), 5000, center);
  assert.ok(stays.every(({ open }) => open));
});

await check('signing out closes the streams of that browser alone', async () => {
  const [here, there] = [await signIn(viewer.token), await signIn(viewer.token)];
  const streams = [await follow({ cookie: here }), await follow({ cookie: there })];
  assert.equal((await ask('delete', '/api/v1/session', { headers: { cookie: here } })).status, 204);
  await until('it is closed', () => !streams[0].open, 5000, center);
  assert.ok(streams[1].open);
});

await check('a token\'s stream ends with the token', async () => {
  const brief = await make('viewer', 2000);
  const stream = await follow({ authorization: `Bearer ${brief.token}` });
  await until('it is closed', () => !stream.open, 7000, center);
});

await check('tokens are shown once, and kept as hashes', async () => {
  const made = await make('operator');
  const listed = await ask('get', '/api/v1/tokens', { token: center.token });
  assert.ok(listed.text.includes(made.id) && !listed.text.includes(made.token));
  const kept = readFileSync(join(center.dir, 'tokens.json'), 'utf8');
  assert.ok(kept.includes(createHash('sha256').update(made.token).digest('hex')) && !kept.includes(made.token));
});

await check('guessing is slowed down, and the owner still gets in', async () => {
  const guess = () => ask('post', '/api/v1/session', { body: JSON.stringify({ token: 'a-wrong-guess-at-it' }) });
  const seen = [];
  for (let i = 0; i < 30; i += 1) seen.push(await guess());
  const limited = seen.find((answer) => answer.status === 429);
  assert.ok(limited, seen.map((answer) => answer.status).join(' '));
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.equal((await ask('get', '/api/v1/status', { token: center.token })).status, 200);
});

await check('every sign-in, failure and change of a token is on record, for an admin', async () => {
  const { items } = await center.get('/api/v1/audit?limit=1000');
  items.forEach((item, i) => assert.ok(i === 0 || item.id === items[i - 1].id - 1));
  const told = (event, result) => items.filter((item) => item.event === event && item.result === result);
  assert.ok(told('sign-in', 'ok').some(({ who, address }) => who === 'admin' && address === hostname));
  assert.ok(told('sign-in', 'refused').reduce((sum, { times }) => sum + times, 0) >= 4);
  assert.ok(told('sign-in', 'waiting').reduce((sum, { times }) => sum + times, 0) >= 10);
  assert.ok(told('sign-out', 'ok').length >= 2);
  assert.ok(told('request', 'refused').reduce((sum, { times }) => sum + times, 0) > matrix.length);
  assert.ok(told('token-create', 'ok').some(({ subject }) => subject.startsWith(viewer.id)));
  assert.ok(told('token-revoke', 'ok').some(({ subject, who }) => subject === revoked.id && who === 'admin'));
  const file = readFileSync(join(center.dir, 'audit.jsonl'), 'utf8');
  assert.equal(file.trim().split('\n').length, items.length);
  assert.equal(statSync(join(center.dir, 'audit.jsonl')).mode & 0o777, 0o600);
});

await center.stop();
await check('every threat of docs/threat-model.md names a test that is there', () => {
  const root = join(import.meta.dirname, '../../..');
  const rows = readFileSync(join(root, 'docs/threat-model.md'), 'utf8').split('\n').filter((line) => /^\| (?!threat)\S/.test(line) && !line.startsWith('|---'));
  assert.ok(rows.length > 15);
  const sources = readdirSync(join(root, 'src'), { recursive: true });
  const programs = sources.filter((file) => file.endsWith('CMakeLists.txt')).map((file) => readFileSync(join(root, 'src', file), 'utf8')).join();
  const suites = new Set(readdirSync(join(root, 'tests'), { recursive: true }).filter((file) => file.endsWith('/about')).map((file) => file.split('/').at(-2)));
  for (const row of rows) {
    const [threat, , tests] = row.slice(2, -2).split(' | ');
    const named = [...tests.matchAll(/`([a-z_]+)`/g)].map((match) => match[1]);
    assert.ok(named.length > 0, threat);
    for (const name of named) {
      const there = name.endsWith('_test')
        ? sources.some((file) => file.endsWith(`/${name}.cc`)) || programs.includes(`cc_test(${name} `) || programs.includes(`cc_test(${name}\n`)
        : suites.has(name);
      assert.ok(there, `${threat}: ${name}`);
    }
  }
});

await check('who comes through a trusted proxy waits alone, and whoever only says so is not believed', async () => {
  for (const [trusted, expected] of [['127.0.0.1', { cookie: /^__Host-.*; Secure/, other: 204 }], ['192.0.2.0/24', { cookie: null, other: 429 }]]) {
    const behind = await ControlCenter.start({ WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off', CONTROL_CENTER_TRUSTED_PROXIES: trusted });
    const signInFrom = (address, token) => fetch(`${behind.url}/api/v1/session`, {
      method: 'POST', body: JSON.stringify({ token }),
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.1, ${address}`, 'x-forwarded-proto': 'https' },
    });
    for (let i = 0; i < 6; i += 1) await signInFrom('198.51.100.7', 'a-wrong-guess-at-it');
    assert.equal((await signInFrom('198.51.100.7', behind.token)).status, 429);
    const other = await signInFrom('198.51.100.8', behind.token);
    assert.equal(other.status, expected.other, trusted);
    if (expected.cookie) assert.match(other.headers.get('set-cookie'), expected.cookie);
    await behind.stop();
  }
});

finish();
