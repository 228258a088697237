// A secret in every place where one can stand, and then a search for each of them in everything that leaves the process:
// answers, errors, stream, metrics, log, commands, the database's pages.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { Reader } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';

const canary = (place) => `CANARY-${place}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
const program = join(process.env.CC_BIN, 'control-center');
const secrets = {
  'gateway token': canary('gateway-token'),
  'gateway password': canary('gateway-password'),
  'token in a file': canary('token-file'),
  'token in the configuration': canary('configured'),
  'password in a file': canary('password-file'),
  'password in the configuration': canary('configured-password'),
  'admin token': canary('admin'),
  // What people say goes to the gateway, and is kept nowhere here.
  'a message': canary('message'),
  'a message whose answer is lost': canary('lost-message'),
  'a message that is refused': canary('refused-message'),
  'an answer to a question': canary('answer'),
  'a body that is not in order': canary('body'),
};

const scratch = mkdtempSync(join(tmpdir(), 'cc-canary-'));
const dir = join(scratch, 'data');
writeFileSync(join(scratch, 'token'), secrets['token in a file'], { mode: 0o600 });
writeFileSync(join(scratch, 'password'), secrets['password in a file'], { mode: 0o600 });
writeFileSync(join(scratch, 'config.toml'), `
[[gateway]]
name = "by-file"
ws_url = "ws://127.0.0.1:9/"
token_file = "${join(scratch, 'token')}"
[[gateway]]
name = "by-word"
ws_url = "ws://127.0.0.1:9/"
token = "${secrets['token in the configuration']}"
[[gateway]]
name = "by-password-file"
ws_url = "ws://127.0.0.1:9/"
password_file = "${join(scratch, 'password')}"
[[gateway]]
name = "by-password"
ws_url = "ws://127.0.0.1:9/"
password = "${secrets['password in the configuration']}"
`, { mode: 0o600 });

const simulator = await Simulator.start(['--agents', 5, '--sessions', 20, '--events', 100], { token: secrets['gateway token'] });
const env = {
  WS_GATEWAY_URL: simulator.url,
  GATEWAY_URL: simulator.env.GATEWAY_URL,
  OPENCLAW_GATEWAY_TOKEN: secrets['gateway token'],
  OPENCLAW_GATEWAY_PASSWORD: secrets['gateway password'],
  CONTROL_CENTER_TOKEN: secrets['admin token'],
  CONTROL_CENTER_LOG_LEVEL: 'debug',
  CONTROL_CENTER_GATEWAY_PROTOCOLS: '3-4',
  CONTROL_CENTER_GATEWAY_ACCESS: 'operate',
};
const center = await ControlCenter.start(env, { dir, args: ['--config', join(scratch, 'config.toml')], token: secrets['admin token'] });

const said = new Map(); // where → what
const note = (where, text) => said.set(where, (said.get(where) ?? '') + text);
async function ask(path, { method = 'GET', headers = {}, body, token = center.token } = {}) {
  const answer = await fetch(center.url + path, { method, body, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers } });
  const text = await answer.text();
  note(`${method} ${path.split('?')[0]}`, `${answer.status} ${JSON.stringify([...answer.headers])}\n${text}`);
  return { answer, text };
}

await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
const streamed = [];
const reader = new Reader(() => center, { hear: (data) => streamed.push(data) });

// Everything the API describes, rightly and wrongly asked.
const { paths } = JSON.parse((await ask('/api/openapi.json')).text);
for (const [template, item] of Object.entries(paths)) {
  const path = template.replaceAll(/\{[^}]+\}/g, 'nothing');
  if (template.endsWith('/stream')) continue;
  for (const method of Object.keys(item).filter((word) => word !== 'parameters').map((word) => word.toUpperCase())) {
    if (method === 'DELETE') continue;
    const json = { 'content-type': 'application/json' };
    const body = method === 'POST' ? JSON.stringify({ token: secrets['gateway token'], odd: secrets['gateway password'] }) : undefined;
    await ask(path, { method, headers: body ? json : {}, body });
    await ask(`${path}?token=${secrets['admin token']}`, { method, headers: body ? json : {}, body, token: null });
    await ask(path, { method, headers: { cookie: 'control_center_session=made-up', ...(body ? json : {}) }, body, token: 'not-a-token-of-this-server' });
  }
}

// What people say: taken, lost on the way, refused, not understood.
const sessionKey = JSON.parse((await ask('/api/v1/sessions?limit=1')).text).items[0].key;
async function tell(body, expected) {
  const { answer, text } = await ask('/api/v1/commands', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ gateway: 'default', target: { sessionKey }, ...body }),
  });
  assert.equal(answer.status, expected, text);
  return JSON.parse(text).id;
}
const message = (what) => ({ kind: 'session.send', params: { text: `Please:\n${secrets[what]}` } });
const taken = await tell(message('a message'), 202);
await until('the message is taken', async () => JSON.parse((await ask(`/api/v1/commands/${taken}`)).text).status === 'done', 10_000, center);
const conversation = await center.get(`/api/v1/sessions/default/${encodeURIComponent(sessionKey)}/messages`);
assert.ok(JSON.stringify(conversation).includes(secrets['a message']), 'it did not reach the gateway');
await simulator.post('fault', { kind: 'refuse-call', method: 'chat.send' });
const refused = await tell(message('a message that is refused'), 202);
await until('the message is refused', async () => JSON.parse((await ask(`/api/v1/commands/${refused}`)).text).status === 'refused', 10_000, center);
await simulator.post('fault', { kind: 'lose-answer', method: 'chat.send' });
await tell(message('a message whose answer is lost'), 202);
await simulator.post('emit', { event: 'question.requested', toAll: true, payload: {
  id: 'ask_1', agentId: 'main', sessionKey: 'agent:main:ask', createdAtMs: Date.now(), expiresAtMs: Date.now() + 600_000,
  questions: [{ questionId: 'where', header: 'Where', question: 'Where to?', options: [{ label: 'here' }], isOther: true }],
} });
await tell({ kind: 'question.answer', target: { approvalId: 'ask_1' }, params: { answers: { where: [secrets['an answer to a question']] } } }, 409);
for (const odd of [{ note: secrets['a body that is not in order'] }, { text: [secrets['a body that is not in order']] }]) {
  await tell({ kind: 'session.send', params: odd }, 400);
}
await ask('/api/v1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"kind":"session.send","text":"${secrets['a body that is not in order']}` });
for (const path of ['/api/v1/commands', '/api/v1/audit?limit=1000', '/api/v1/events?limit=1000']) await ask(path);

// Secrets that are made here: shown once, where they are made, and never again.
const made = JSON.parse((await ask('/api/v1/tokens', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'made', role: 'viewer' }),
})).text);
secrets['made token'] = made.token;
said.delete('POST /api/v1/tokens');
const signedIn = await fetch(`${center.url}/api/v1/session`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: center.token }),
});
assert.equal(signedIn.status, 204);
const [, cookie] = /=([^;]+);/.exec(signedIn.headers.get('set-cookie'));
secrets['session cookie'] = cookie;
await ask('/api/v1/session', { headers: { cookie: `control_center_session=${cookie}` }, token: null });
await ask('/api/v1/tokens');
await ask('/metrics');

// What the device signs with, and what the gateway gave it.
[, secrets['device key']] = /-----\n(\S+)\n-----/.exec(readFileSync(join(dir, 'device-key.pem'), 'utf8'));
[secrets['device token']] = Object.values(JSON.parse(readFileSync(join(dir, 'device-tokens.json'), 'utf8')));

// A gateway that says the token back.
await simulator.post('emit', { event: 'sessions.changed', payload: { sessionKey: 'agent:main:echo', reason: 'patch', label: 'harmless' }, toAll: true });
await simulator.post('fault', { kind: 'garbage' });
await sleep(1500);

for (const args of [['doctor'], ['token', 'list'], ['events'], ['backup', join(scratch, 'copy.db')], ['version'], ['serve', '--ws-gateway-url', `ws://user:${secrets['gateway token']}@127.0.0.1/`]]) {
  const done = spawnSync(program, args, {
    env: { ...env, PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: dir, CONTROL_CENTER_LISTEN: new URL(center.url).host }, encoding: 'utf8', timeout: 30_000,
  });
  note(`control-center ${args[0]}`, done.stdout + done.stderr);
}

note('the copy of the database', readFileSync(join(scratch, 'copy.db'), 'latin1'));
note('the command line', readFileSync(`/proc/${center.process.pid}/cmdline`, 'latin1'));

reader.close();
note('the stream', streamed.join('\n'));
await center.stop({ keep: true });
note('the log', center.log);

// The same once more over TLS: its key, and the cookie that is set there.
const pem = { cert: join(scratch, 'cert.pem'), key: join(scratch, 'key.pem') };
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
  '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', pem.key, '-out', pem.cert], { stdio: 'ignore' });
[, secrets['TLS key'], secrets['the rest of the TLS key']] = /-----\n(\S+)\n(\S+)\n(?:\S+\n)?-----/.exec(readFileSync(pem.key, 'utf8'));
const overTls = await ControlCenter.start({ ...env, CONTROL_CENTER_TLS_CERT_FILE: pem.cert, CONTROL_CENTER_TLS_KEY_FILE: pem.key }, { dir, token: secrets['admin token'] });
function askOverTls(path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(overTls.url + path, { method, headers, ca: readFileSync(pem.cert), agent: false }, (response) => {
      const told = [];
      response.on('data', (data) => told.push(data));
      response.on('end', () => {
        note(`over TLS: ${method} ${path}`, `${response.statusCode} ${response.rawHeaders.filter((word, i, all) => all[i - 1] !== 'Set-Cookie').join(' ')} ${Buffer.concat(told)}`);
        resolve(response.headers);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
const set = await askOverTls('/api/v1/session', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: overTls.token }),
});
[, secrets['cookie over TLS']] = /^__Host-[^=]+=([^;]+);/.exec(set['set-cookie'][0]);
for (const path of ['/api/v1/session', '/api/v1/fleet', '/api/v1/audit', '/api/v1/status', '/metrics', '/readyz', '/api/v1/tokens']) {
  await askOverTls(path, { headers: { cookie: `__Host-control_center_session=${secrets['cookie over TLS']}` } });
}
note('over TLS: control-center doctor', spawnSync(program, ['doctor'], { env: { ...env, CONTROL_CENTER_DATA_DIR: dir }, encoding: 'utf8' }).stdout);
await overTls.stop({ keep: true });
note('the log over TLS', overTls.log);
const files = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name);
for (const name of files.filter((file) => /\.db/.test(file))) note(`the file ${name}`, readFileSync(join(dir, name), 'latin1'));
// Tokens of ours are kept as hashes, wherever they are kept.
for (const name of files.filter((file) => !/\.db|device|admin-token/.test(file))) {
  note(`the file ${name}`, readFileSync(join(dir, name), 'latin1'));
}

await check('there was enough to search', () => {
  assert.ok(Object.keys(secrets).length >= 14, Object.keys(secrets).join(', '));
  for (const [what, secret] of Object.entries(secrets)) assert.ok(secret?.length > 15, what);
  assert.ok(said.size > 35);
  assert.ok(said.get('the log').includes('debug'));
  assert.ok(said.get('the stream').length > 10_000);
  assert.ok([...said.keys()].some((where) => where.endsWith('control-center.db')));
});
for (const [what, secret] of Object.entries(secrets)) {
  await check(`nowhere: ${what}`, () => {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')];
    for (const [where, text] of said) {
      for (const form of forms) assert.ok(!text.includes(form), `it is in: ${where}`);
    }
  });
}

await check('the process leaves no core behind', async () => {
  const again = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  const limits = readFileSync(`/proc/${again.process.pid}/limits`, 'utf8');
  assert.match(limits, /Max core file size\s+0\s/);
  await again.stop();
});

simulator.stop();
finish();
