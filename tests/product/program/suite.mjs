// The program as its operator meets it: exit codes, one clear line for each mistake, signals, restarts.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { Reader, journal } from '../../support/reader.mjs';
import { Simulator } from '../../support/simulator.mjs';

const program = join(process.env.CC_BIN, 'control-center');
const scratch = () => mkdtempSync(join(tmpdir(), 'cc-program-'));

/** Runs it to its end: exit code, standard output and error. */
function run(args, env = {}) {
  const done = spawnSync(program, args, {
    env: { PATH: process.env.PATH, CONTROL_CENTER_LISTEN: '127.0.0.1:0', CONTROL_CENTER_DATA_DIR: scratch(), WS_GATEWAY_URL: 'off', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: done.status, out: done.stdout, err: done.stderr, lines: done.stderr.trim().split('\n') };
}

function refuses(code, args, env, ...words) {
  const { code: got, err, lines } = run(args, env);
  assert.equal(got, code, err);
  assert.equal(lines.length, 1, `one line, not:\n${err}`);
  for (const word of words) assert.ok(err.includes(word), `${word} is not in: ${err}`);
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

const configuration = (text) => {
  const file = join(scratch(), 'config.toml');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

await check('configuration: every mistake is one line that names it, and exit code 2', () => {
  refuses(2, ['serve', '--no-such-flag', '1'], {}, '--no-such-flag');
  refuses(2, ['serve'], { CONTROL_CENTER_COLOUR: 'red' }, 'CONTROL_CENTER_COLOUR');
  refuses(2, ['serve', '--config', configuration('listen_on = "x"')], {}, 'listen_on');
  refuses(2, ['serve', '--config', '/no/such/file'], {}, '/no/such/file');
  refuses(2, ['serve'], { WS_GATEWAY_URL: 'http://127.0.0.1/' }, 'WS_GATEWAY_URL', 'ws');
  refuses(2, ['serve'], { GATEWAY_POLL_INTERVAL: 'soon' }, 'GATEWAY_POLL_INTERVAL', '5s');
  refuses(2, ['serve'], { CONTROL_CENTER_LISTEN: 'nowhere' }, 'CONTROL_CENTER_LISTEN');
  refuses(2, ['serve'], { CONTROL_CENTER_TOKEN: 'short' }, 'CONTROL_CENTER_TOKEN', '16');
  refuses(2, ['serve'], { OPENCLAW_GATEWAY_TOKEN_FILE: '/no/such/token' }, 'OPENCLAW_GATEWAY_TOKEN_FILE');
});

await check('values that were copied with something unseen: trimmed, shown, or refused', () => {
  refuses(2, ['serve'], { GATEWAY_POLL_INTERVAL: '5s\u00a0' }, 'GATEWAY_POLL_INTERVAL', '<U+00A0>');
  refuses(2, ['serve'], { OPENCLAW_GATEWAY_TOKEN: '\ufeffs3cret' }, 'OPENCLAW_GATEWAY_TOKEN', 'U+FEFF');
  refuses(2, ['serve'], { CONTROL_CENTER_TOKEN: ' '.repeat(40) }, 'CONTROL_CENTER_TOKEN', 'too short');
  refuses(2, ['serve'], { CONTROL_CENTER_TOKEN: '0123456789\nabcdefghij' }, 'CONTROL_CENTER_TOKEN', 'U+000A');
  const trimmed = run(['doctor'], { GATEWAY_POLL_INTERVAL: '5s\r', GATEWAY_URL: 'off' });
  assert.equal(trimmed.code, 0, trimmed.out);
});

await check('files that are none: a device, a pipe, another form of a database\'s URL', () => {
  refuses(2, ['serve', '--config', '/dev/zero'], {}, '/dev/zero', 'plain file');
  const pipe = join(scratch(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  refuses(2, ['serve', '--config', pipe], {}, pipe, 'plain file');
  for (const url of ['sqlite://./x.db', 'sqlite://rel.db', 'sqlite:x.db?mode=ro']) {
    refuses(2, ['serve'], { DATABASE_URL: url }, 'DATABASE_URL', 'sqlite:PATH');
  }
});

await check('secret files of another owner that all can read, as Docker mounts them: refused with both ways out, or taken where that is set', () => {
  if (process.getuid() !== 0) return; // nobody else's files can be made
  const dir = mkdtempSync('/var/tmp/cc-secrets-');
  chmodSync(dir, 0o755);
  const file = (name, content) => {
    writeFileSync(join(dir, name), content);
    chmodSync(join(dir, name), 0o444);
    return join(dir, name);
  };
  const as = (env) => {
    const data = mkdtempSync('/var/tmp/cc-program-');
    chownSync(data, 65534, 65534);
    const done = spawnSync(program, ['doctor'], {
      uid: 65534, gid: 65534, encoding: 'utf8', timeout: 20_000,
      env: { PATH: process.env.PATH, CONTROL_CENTER_LISTEN: '127.0.0.1:0', CONTROL_CENTER_DATA_DIR: data, WS_GATEWAY_URL: 'off', ...env },
    });
    rmSync(data, { recursive: true, force: true });
    return done.stdout;
  };
  for (const [key, content] of [
    ['OPENCLAW_GATEWAY_TOKEN_FILE', 's3cret\n'], ['OPENCLAW_GATEWAY_HEADERS_FILE', 'X-Key: s3cret\n'], ['CONTROL_CENTER_TOKEN_FILE', '0123456789abcdef0123\n'],
  ]) {
    const env = { [key]: file(key, content) };
    const refused = as(env);
    assert.match(refused, new RegExp(`^fail +configuration: ${key}.*chmod 700.*CONTROL_CENTER_SECRET_FILES=mounted`, 'm'), refused);
    assert.doesNotMatch(as({ ...env, CONTROL_CENTER_SECRET_FILES: 'mounted' }), /^fail +configuration/m, key);
  }
  rmSync(dir, { recursive: true });
});

/** For `redirected`: its reader has left. */
const BROKEN_PIPE = 'a broken pipe';
/** Runs it with its standard output at `target`, through a shell. */
const redirected = (target, args, env = {}) => spawnSync('bash', ['-c', target === BROKEN_PIPE ? 'exec 3> >(:); wait $!; "$0" "$@" >&3' : `"$0" "$@" ${target}`, program, ...args], {
  env: { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: scratch(), CONTROL_CENTER_LISTEN: '127.0.0.1:0', WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off', ...env },
  encoding: 'utf8',
  timeout: 20_000,
});

await check('output that is lost: exit code 1, and no token that nobody saw', async () => {
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' }); // and a REST gateway, which has entries
  const env = { CONTROL_CENTER_DATA_DIR: center.dir };
  const printing = [
    ['version'], ['--version'], ['--help'], ['serve', '--help'], ['token', '--help'], ['events'], ['events', '--after', '0'],
    ['events', '--follow', '--after', '0'], ['token', 'list'], ['doctor'], ['token', 'create', 'lost'], ['token', 'create', 'lost', '--role', 'admin'],
  ];
  for (const target of ['> /dev/full', '>&-', BROKEN_PIPE]) {
    for (const args of printing) {
      const done = redirected(target, args, args[0] === 'doctor' ? {} : env); // alone, it finds nothing wrong
      assert.equal(done.status, 1, `${args.join(' ')} ${target}: ${done.stderr}`);
      assert.match(done.stderr, /cannot write to standard output/, args.join(' '));
    }
  }
  assert.deepEqual((await center.get('/api/v1/tokens')).items, []);
  await center.stop({ keep: true });
  assert.equal(redirected('> /dev/full', ['token', 'create', 'lost'], env).status, 1);
  assert.equal(run(['token', 'list'], env).out.trim().split('\n').length, 1);
});

await check('standard input, output and error that are closed: nothing is written in their place, and exit codes stay', async () => {
  const port = await freePort();
  for (const closed of ['2>&-', '>&-', '<&-', '<&- >&- 2>&-']) {
    const dir = scratch();
    const env = { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: dir, CONTROL_CENTER_LISTEN: `127.0.0.1:${port}`, CONTROL_CENTER_LOG_LEVEL: 'debug', WS_GATEWAY_URL: 'off' };
    const child = spawn('bash', ['-c', `exec "$0" serve ${closed}`, program], { env, stdio: 'ignore' });
    const exited = new Promise((resolve) => { child.on('exit', resolve); });
    await until('it serves', async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 20_000);
    const { code, out, err } = run(['events'], { CONTROL_CENTER_DATA_DIR: dir });
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out.split('\n')[0]).seq, 1);
    child.kill('SIGTERM');
    assert.equal(await exited, 0, closed);
    for (const name of readdirSync(dir)) {
      const file = join(dir, name);
      if (statSync(file).isFile()) assert.ok(!readFileSync(file).includes('control center is serving'), `${closed}: ${name}`);
    }
  }
  const quiet = (args, env = {}) => spawnSync('bash', ['-c', '"$0" "$@" 2>&-', program, ...args], {
    env: { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: scratch(), WS_GATEWAY_URL: 'off', ...env }, encoding: 'utf8', timeout: 20_000,
  });
  assert.equal(quiet(['version']).status, 0);
  assert.match(quiet(['version']).stdout, /^control-center /);
  assert.equal(quiet(['serve', '--no-such-flag']).status, 2);
  assert.equal(quiet(['serve'], { CONTROL_CENTER_TOKEN: 'short' }).status, 2);
  assert.equal(quiet(['backup', '']).status, 2);
});

await check('events --follow ends when its reader is gone, however quiet the fleet', async () => {
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  const follow = spawn(program, ['events', '--follow'], {
    env: { PATH: process.env.PATH, CONTROL_CENTER_DATA_DIR: center.dir, WS_GATEWAY_URL: 'off' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => { follow.on('exit', resolve); });
  await sleep(500);
  follow.stdout.destroy();
  const late = setTimeout(() => follow.kill('SIGKILL'), 20_000);
  assert.equal(await ended, 1);
  clearTimeout(late);
  await center.stop();
});

await check('tokens: by name, with their last use, and looking leaves no trace', async () => {
  const untouched = scratch();
  const none = run(['token', 'list'], { CONTROL_CENTER_DATA_DIR: untouched });
  assert.equal(none.code, 0, none.err);
  assert.deepEqual(readdirSync(untouched), []);
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  const env = { CONTROL_CENTER_DATA_DIR: center.dir };
  const secret = run(['token', 'create', 'ci'], env).out.trim();
  await fetch(`${center.url}/api/v1/fleet`, { headers: { authorization: `Bearer ${secret}` } });
  assert.ok((await center.get('/api/v1/tokens')).items[0].usedAt > 0);
  const unknown = run(['token', 'revoke', 'nobody'], env);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /no token has the id or the name "nobody"/);
  assert.equal(run(['token', 'revoke', 'ci'], env).code, 0);
  assert.deepEqual((await center.get('/api/v1/tokens')).items, []);
  const bogus = run(['events', '--after', 'bogus'], env);
  assert.equal(bogus.code, 2);
  assert.match(bogus.err, /no cursor; take EPOCH-SEQ/);
  await center.stop();
});

await check('doctor finds what would stop serve', async () => {
  const spoiled = (name, content, mode) => {
    const dir = scratch();
    writeFileSync(join(dir, name), content, { mode });
    chmodSync(join(dir, name), mode);
    return { CONTROL_CENTER_DATA_DIR: dir };
  };
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const cases = [
    [2, spoiled('tokens.json', 'garbage', 0o600), /^fail +tokens: .*tokens.json/m],
    [2, spoiled('admin-token', 'short', 0o600), /^fail +tokens: .*fewer than 16/m],
    [2, spoiled('admin-token', 'a-long-enough-admin-token', 0o644), /^fail +tokens: .*chmod 600/m],
    [2, spoiled('audit.jsonl', '', 0o644), /^fail +audit: .*chmod 600/m],
    [3, spoiled('control-center.db', 'no database '.repeat(500), 0o600), /^fail +database: /m],
    [4, { CONTROL_CENTER_LISTEN: `127.0.0.1:${server.address().port}` }, /^fail +address: .*--listen/m],
  ];
  for (const [code, env, says] of cases) {
    const found = run(['doctor'], env);
    assert.equal(found.code, 1, found.out);
    assert.match(found.out, says);
    assert.equal(run(['serve'], { ...env, CONTROL_CENTER_LOG_LEVEL: 'error' }).code, code);
  }
  server.close();
});

await check('backup: two to one name do not touch each other, nor what is beside them', async () => {
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  const env = { CONTROL_CENTER_DATA_DIR: center.dir };
  const file = join(scratch(), 'same.db');
  writeFileSync(`${file}.partial`, 'somebody else\'s');
  const both = await Promise.all([1, 2].map(() => new Promise((resolve) => {
    spawn(program, ['backup', file], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' }).on('exit', resolve);
  })));
  assert.deepEqual(both.sort(), [0, 1]);
  assert.equal(readFileSync(`${file}.partial`, 'utf8'), 'somebody else\'s');
  assert.equal(readFileSync(file).subarray(0, 15).toString(), 'SQLite format 3');
  const unnamed = run(['backup', ''], env);
  assert.equal(unnamed.code, 2, unnamed.err);
  assert.match(unnamed.err, /names no file/);
  await center.stop();
});

await check('a token that would cross a network unencrypted is warned of', async () => {
  const warns = async (url) => {
    const center = await ControlCenter.start({ WS_GATEWAY_URL: url, GATEWAY_URL: url.replace('ws', 'http') });
    await center.stop();
    return center.log.includes('unencrypted');
  };
  assert.ok(await warns('ws://gateway.invalid:18789/'));
  for (const safe of ['wss://gateway.invalid:18789/', 'ws://127.0.0.1:9/', 'ws://[::1]:9/', 'ws://localhost:9/', 'ws://host.docker.internal:9/']) {
    assert.ok(!await warns(safe), safe);
  }
});

await check('taken port: exit code 4', async () => {
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  refuses(4, ['serve'], { CONTROL_CENTER_LISTEN: `127.0.0.1:${server.address().port}`, CONTROL_CENTER_LOG_LEVEL: 'error' }, 'in use');
  server.close();
});

await check('database: not one, from a newer release, in use: exit code 3, and left as it is', async () => {
  const dir = scratch();
  const file = join(dir, 'control-center.db');
  writeFileSync(file, 'this is a letter, not a database '.repeat(500), { mode: 0o600 });
  const letter = readFileSync(file);
  refuses(3, ['serve'], { CONTROL_CENTER_DATA_DIR: dir, CONTROL_CENTER_LOG_LEVEL: 'error' }, file);
  assert.deepEqual(readFileSync(file), letter);

  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  refuses(3, ['serve'], { CONTROL_CENTER_DATA_DIR: center.dir, CONTROL_CENTER_LOG_LEVEL: 'error' }, 'in use');
  await center.stop({ keep: true });
  const database = join(center.dir, 'control-center.db');
  const bytes = readFileSync(database);
  bytes.writeUInt32BE(9999, 60); // user_version, by the file format of SQLite
  writeFileSync(database, bytes);
  refuses(3, ['serve'], { CONTROL_CENTER_DATA_DIR: center.dir, CONTROL_CENTER_LOG_LEVEL: 'error' }, 'newer');
});

await check('files: the data directory and all that is in it are the owner\'s alone', async () => {
  const dir = join(scratch(), 'data');
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' }, { dir });
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  for (const name of ['admin-token', 'control-center.db']) assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name);
  assert.ok(!center.log.includes(center.token));
  await center.stop();
});

await check('doctor: what stands between us and a gateway, and exit code 1 where anything does', async () => {
  const stock = await Simulator.start(['--agents', 2, '--rest', 'off']);
  const doctor = (env) => run(['doctor'], { ...stock.env, ...env });
  const good = doctor({});
  assert.equal(good.code, 0, good.out);
  assert.match(good.out, /^ok +gateway default: .* lets us in, protocol 4/m);
  assert.match(good.out, /^ok +gateway default REST: .*tools instead/m);
  const wrong = doctor({ OPENCLAW_GATEWAY_TOKEN: 'not-the-token' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.out, /^fail +gateway default: .*OPENCLAW_GATEWAY_TOKEN/m);
  assert.match(wrong.out, /^fail +gateway default REST: .*401/m);
  const alone = doctor({ WS_GATEWAY_URL: 'off', GATEWAY_URL: 'http://127.0.0.1:9/api/agents' });
  assert.equal(alone.code, 1, 'nothing else feeds it');
  assert.match(alone.out, /^fail +gateway default REST: .*refused/m);
  const center = await ControlCenter.start(stock.env);
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  const beside = doctor({ CONTROL_CENTER_DATA_DIR: center.dir });
  assert.equal(beside.code, 0, beside.out);
  assert.match(beside.out, /^ok +gateway default: live/m);
  await center.stop();
  stock.stop();
});

await check('SIGTERM: streams end cleanly, the last commit is kept, exit code 0', async () => {
  const simulator = await Simulator.start(['--agents', 5, '--sessions', 20, '--events', 200]);
  const center = await ControlCenter.start(simulator.env);
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  const ended = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${center.token}` };
    http.get(`${center.url}/api/v1/stream?after=0`, { headers }, (response) => {
      let text = '';
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve({ complete: response.complete, text }));
      response.on('error', reject);
      setTimeout(() => center.process.kill('SIGTERM'), 700);
    });
  });
  assert.equal(await center.exited, 0);
  assert.ok(ended.complete, 'the stream was cut off');
  const last = ended.text.match(/^id: (.*)$/gm).at(-1).slice(4);
  const again = await ControlCenter.start({ ...simulator.env, WS_GATEWAY_URL: 'off', GATEWAY_URL: 'http://127.0.0.1:9/' }, { dir: center.dir });
  const { events } = await again.get(`/api/v1/events?after=${last}`);
  assert.ok(Array.isArray(events));
  await again.stop();
  simulator.stop();
});

await check('cursors: reset for another epoch, for what retention removed, and for nonsense', async () => {
  const simulator = await Simulator.start(['--agents', 2, '--sessions', 4, '--events', 0]);
  const center = await ControlCenter.start({ ...simulator.env });
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  for (const [cursor, reason] of [['00000000-1', 'epoch'], ['nonsense', 'malformed']]) {
    const reader = new Reader(() => center, { after: cursor });
    await until(`reset: ${reason}`, () => reader.resets[0]?.reason === reason, 5000, center);
    reader.close();
    const refused = await fetch(`${center.url}/api/v1/events?after=${cursor}`, { headers: { authorization: `Bearer ${center.token}` } });
    assert.equal(refused.status, 410);
    assert.equal((await refused.json()).reason, reason);
  }
  const first = (await journal(center))[0];
  await center.stop({ keep: true });
  const short = await ControlCenter.start({ ...simulator.env, CONTROL_CENTER_RETENTION: '1s' }, { dir: center.dir });
  await until('retention', async () => {
    const answer = await fetch(`${short.url}/api/v1/events?after=${first.epoch}-${first.seq}`, { headers: { authorization: `Bearer ${short.token}` } });
    return answer.status === 410 && (await answer.json()).reason === 'retention';
  }, 40_000, short);
  assert.equal((await short.get('/api/v1/sessions')).total, 4, 'retention removed state');
  await short.stop();
  simulator.stop();
});

await check('backup: a copy while it serves, which starts a new epoch', async () => {
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' });
  const { cursor } = await center.get('/api/v1/fleet');
  const file = join(scratch(), 'copy.db');
  assert.equal(run(['backup', file], { CONTROL_CENTER_DATA_DIR: center.dir }).code, 0);
  await center.stop();
  const dir = scratch();
  copyFileSync(file, join(dir, 'control-center.db'));
  const restored = await ControlCenter.start({ WS_GATEWAY_URL: 'off' }, { dir });
  const then = (await restored.get('/api/v1/fleet')).cursor;
  assert.notEqual(then.split('-')[0], cursor.split('-')[0]);
  assert.ok(Number(then.split('-')[1]) >= Number(cursor.split('-')[1]), 'numbers go on across epochs');
  await restored.stop();
});

await check('events --follow prints change sets, one a line', async () => {
  const simulator = await Simulator.start(['--agents', 2, '--sessions', 4, '--events', 0]);
  const center = await ControlCenter.start(simulator.env);
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  const { code, out } = run(['events'], { CONTROL_CENTER_DATA_DIR: center.dir });
  assert.equal(code, 0);
  const sets = out.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(sets[0].seq, 1);
  assert.ok(sets.some((set) => set.cause === 'initial-sync'));
  await center.stop();
  simulator.stop();
});

await check('several gateways: one roster, and the loss of one is the loss of that one', async () => {
  const old = await Simulator.start(['--protocol', 3, '--agents', 2, '--sessions', 3, '--events', 0]);
  const young = await Simulator.start(['--protocol', 4, '--agents', 3, '--sessions', 5, '--events', 0]);
  const table = (name, { url }) => `[[gateway]]\nname = "${name}"\nws_url = "${url}"\ntoken = "sim-token"\n`;
  const center = await ControlCenter.start(
    { GATEWAY_URL: undefined, CONTROL_CENTER_WS_READY_TIMEOUT: '1m' },
    { args: ['--config', configuration(`${table('old', old)}${table('young', young)}`)] },
  );
  for (const [name, protocol] of [['old', 3], ['young', 4]]) {
    await center.until(`${name} is live`, 'gateway', name, (row) => row?.state === 'live' && row.protocol === protocol);
  }
  const statuses = async (gateway) => (await center.get(`/api/v1/agents?gateway=${gateway}`)).items.map((row) => row.status);
  assert.equal((await center.get('/api/v1/agents')).total, 5);
  assert.equal((await center.get('/api/v1/sessions?gateway=young')).total, 5);
  old.stop();
  await until('old is unknown', async () => (await statuses('old')).every((status) => status === 'unknown'), 10_000, center);
  assert.equal((await statuses('old')).length, 2);
  assert.ok((await statuses('young')).every((status) => status !== 'unknown'));
  assert.equal((await center.gateway('young')).state, 'live');
  await center.stop();
  young.stop();
});

await check('a gateway that left the configuration leaves the state by one entry', async () => {
  const simulator = await Simulator.start(['--agents', 2, '--sessions', 4, '--events', 0]);
  const center = await ControlCenter.start(simulator.env);
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  await center.stop({ keep: true });
  const file = configuration(`[[gateway]]\nname = "other"\nws_url = "${simulator.url}"\ntoken = "sim-token"\n`);
  const again = await ControlCenter.start({ GATEWAY_URL: undefined }, { dir: center.dir, args: ['--config', file] });
  const { gateways } = await again.get('/api/v1/fleet');
  assert.deepEqual(gateways.map((row) => row.name), ['other']);
  const left = (await journal(again)).filter((set) => set.cause === 'configuration' && set.gateways?.remove.length > 0);
  assert.equal(left.length, 1);
  assert.equal(left[0].sessions.remove.length, 4);
  await sleep(0);
  await again.stop();
  simulator.stop();
});

finish();
