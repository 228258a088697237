// Disks that fail: the state is told, readers are told nothing that is not stored, and all goes on when the disk is back.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { FaultyDisk } from '../../support/faulty_disk.mjs';
import { Reader } from '../../support/reader.mjs';
import { seen } from '../../support/options.mjs';
import { Simulator } from '../../support/simulator.mjs';
import { checkReaders } from '../../support/stream_checker.mjs';

/** A small disk of its own, in memory. Mounting one is root's right. */
class Disk {
  constructor(size) {
    this.dir = mkdtempSync(join(tmpdir(), 'cc-disk-'));
    this.run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', this.dir);
  }
  remount(options) { this.run('mount', '-o', `remount,${options}`, this.dir); }
  remove() {
    this.run('umount', '-l', this.dir);
    rmSync(this.dir, { recursive: true });
  }
  run(...command) {
    const done = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.stderr}`);
  }
}

const database = (answer) => answer.parts.find((part) => part.name === 'database');
async function readiness(center) {
  const answer = await fetch(`${center.url}/readyz`, { headers: { authorization: `Bearer ${center.token}` } });
  return { code: answer.status, ...(await answer.json()) };
}

/** The log goes through a queue and a pipe, and may come a little after what it tells. */
const logged = (center, words) => until(`the log says ${words}`, async () => words.test(center.log), 10_000, center);

/** The disk breaks, is seen to be broken, comes back, and nothing was lied about. */
async function survives(center, simulator, { breaks, mends, says }) {
  const reader = new Reader(() => center);
  try {
    await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
    await simulator.post('rate', { events: 300 });
    await breaks();
    const broken = await until('not ready', async () => {
      const answer = await readiness(center);
      return answer.code === 503 && answer;
    }, 60_000, center);
    assert.equal(database(broken).ready, false);
    await logged(center, says);
    const { cursor } = await center.get('/api/v1/fleet');
    await sleep(1500);
    assert.equal((await center.get('/api/v1/fleet')).cursor, cursor, 'something was published that could not be stored');
    await mends();
    await until('ready again', async () => (await readiness(center)).code === 200, 30_000, center);
    await until('the gap is on record', async () => (await center.gateway()).gaps > 0, 30_000, center);
    await logged(center, /the database works again/);
    await checkReaders(center, simulator, [reader]);
  } finally {
    reader.close();
  }
}

/** With a simulated gateway, on a folder of its own or on `dir`. */
async function withCenter({ env = {}, dir }, body) {
  const simulator = await Simulator.start(['--agents', 20, '--sessions', 100, '--events', 0]);
  const center = await ControlCenter.start({ ...simulator.env, ...env }, dir ? { dir } : {});
  try {
    await body(center, simulator);
  } finally {
    await center.stop({ keep: dir !== undefined });
    simulator.stop();
  }
}

/** On a disk that fails when told to. */
async function withFaultyDisk(body) {
  const faulty = new FaultyDisk();
  await withCenter({ env: faulty.env }, (center, simulator) => body(center, simulator, faulty));
  faulty.close();
}

/** Holds the database's lock, as a curious person with a database shell does. */
function lock(file) {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const held = new DatabaseSync(${JSON.stringify(file)});
    held.exec('PRAGMA busy_timeout = 10000'); // the writer may hold it just now
    held.exec('BEGIN IMMEDIATE');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    holder.stdout.once('data', () => resolve(holder));
    holder.once('exit', (code) => reject(new Error(`no lock: the program ended with ${code}`)));
  });
}

const FAILURES = [
  ['full', 'ENOSPC', /its disk is full/],
  ['read-only', 'EROFS', /the database cannot be written/],
  ['broken', 'EIO', /the database cannot be written/],
];
// Each has a Control Center of its own, and mostly waits: so all of them at once.
const checks = FAILURES.map(([name, error, says]) =>
  check(`${name} under a running program: told, waited out, and gone on when it is mended`, () =>
    withFaultyDisk((center, simulator, faulty) => survives(center, simulator, {
      breaks: () => faulty.set({ error }),
      mends: () => faulty.set(),
      says,
    }))));

checks.push(check('slow: nothing is lost, nothing waits for it but the commits, and it is ready all the time', () =>
  withFaultyDisk(async (center, simulator, faulty) => {
    const reader = new Reader(() => center);
    await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
    faulty.set({ syncMs: 300 });
    await simulator.post('rate', { events: 500 });
    for (let second = 0; second < 4; second += 1) {
      await sleep(1000);
      assert.equal((await readiness(center)).code, 200);
      assert.equal((await center.gateway()).state, 'live');
    }
    faulty.set();
    await checkReaders(center, simulator, [reader]);
    assert.equal((await center.gateway()).reconnects, 0, 'the gateway threw us out');
    reader.close();
  })));

if (process.getuid() === 0) {
  checks.push(check('a small disk that fills by itself: told, waited out, and gone on when there is room', async () => {
    const disk = new Disk('4m');
    await withCenter({ dir: disk.dir }, (center, simulator) => survives(center, simulator, {
      breaks: () => {},
      mends: () => disk.remount('size=200m'),
      says: /its disk is full/,
    }));
    disk.remove();
  }));

  checks.push(check('read-only at the start: refused, with exit code 3 and the reason', async () => {
    const disk = new Disk('50m');
    try {
      const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off' }, { dir: disk.dir });
      assert.equal(await center.stop({ keep: true }), 0);
      disk.remount('ro');
      const again = spawnSync(join(process.env.CC_BIN, 'control-center'), ['serve'], {
        env: { CONTROL_CENTER_DATA_DIR: disk.dir, CONTROL_CENTER_LISTEN: '127.0.0.1:0', WS_GATEWAY_URL: 'off' },
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.equal(again.status, 3, again.stderr);
      assert.match(again.stderr, /read-only/i);
    } finally {
      disk.remove();
    }
  }));
} else {
  console.log('  left out: a disk that fills by itself or is read-only at the start, for only root may mount one');
}

checks.push(check('moved away: told, and gone on when it is back', () => withCenter({}, (center, simulator) => {
  const file = join(center.dir, 'control-center.db');
  return survives(center, simulator, {
    breaks: () => renameSync(file, `${file}.away`),
    mends: () => renameSync(`${file}.away`, file),
    says: /was moved or deleted/,
  });
})));

checks.push(check('the write-ahead log is deleted under a quiet program: told, and nothing of before is lost', () => withCenter({}, async (center) => {
  await until('live', async () => (await center.gateway())?.state === 'live', 30_000, center);
  const { cursor } = await center.get('/api/v1/fleet');
  rmSync(join(center.dir, 'control-center.db-wal'));
  await until('not ready', async () => (await readiness(center)).code === 503, 20_000, center);
  await until('told', () => /-wal was moved or deleted/.test(center.log), 5000, center);
  center.process.kill('SIGKILL');
  await center.exited;
  const again = await ControlCenter.start({ WS_GATEWAY_URL: 'off', GATEWAY_URL: 'http://127.0.0.1:9/' }, { dir: center.dir });
  const { events } = await again.get(`/api/v1/events?after=${cursor}`);
  assert.ok(Array.isArray(events), 'what was committed before is lost');
  await again.stop({ keep: true });
})));

checks.push(check('a hard link of a running database is not opened a second time', () => withCenter({}, (center) => {
  const dir = mkdtempSync(join(tmpdir(), 'cc-link-'));
  linkSync(join(center.dir, 'control-center.db'), join(dir, 'control-center.db'));
  const second = spawnSync(join(process.env.CC_BIN, 'control-center'), ['serve'], {
    env: { CONTROL_CENTER_DATA_DIR: dir, CONTROL_CENTER_LISTEN: '127.0.0.1:0', WS_GATEWAY_URL: 'off' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(second.status, 3, second.stderr);
  assert.match(second.stderr, /hard link/);
  rmSync(dir, { recursive: true });
})));

checks.push(check('locked by another program: told, and gone on when it lets go', () => withCenter({}, async (center, simulator) => {
  let holder;
  try {
    await survives(center, simulator, {
      breaks: async () => { holder = await lock(join(center.dir, 'control-center.db')); },
      mends: () => holder.kill(),
      says: /the database cannot be written/,
    });
  } finally {
    holder?.kill();
  }
})));

await Promise.all(checks);

seen('full, read-only, broken, slow, moved away, locked: each told in /readyz and the log, nothing published meanwhile, gone on without a restart');
finish();
