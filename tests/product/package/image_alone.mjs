// The image, run by crun from a bundle that is made of its configuration, as an engine would make it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { check } from '../../support/checks.mjs';
import { endsWithUs } from '../../support/children.mjs';
import { until } from '../../support/control_center.mjs';
import { run, scratch } from './dist.mjs';
import { Image } from './image.mjs';
import { Machine, bareSystem } from './machine.mjs';

/** crun wants control groups of version 2 alone, which many hosts have beside those of version 1; it leaves them alone. */
const crun = (...args) => ['unshare', ['--mount', 'sh', '-c', 'mount -t cgroup2 none /sys/fs/cgroup && exec crun --cgroup-manager=disabled "$@"', 'crun', ...args]];

/** A container of the image: its own network is that of `machine`, whose loopback holds the gateway. */
class Container {
  constructor(image, machine, { user = 65532, owner = 65532 } = {}) {
    this.name = `cc-${process.pid}-${Math.floor(performance.now())}`;
    this.begun = Date.now();
    this.user = user;
    this.bundle = mkdtempSync(join(scratch, 'bundle-'));
    this.volume = join(this.bundle, 'volume');
    mkdirSync(join(this.bundle, 'rootfs'));
    mkdirSync(this.volume, { mode: 0o700 });
    chownSync(this.volume, owner, owner);
    run('tar', ['-C', join(this.bundle, 'rootfs'), '-xpf', image.layer]);
    this.secret = join(this.bundle, 'gateway-token');
    writeFileSync(this.secret, 'gateway-token\n');
    chmodSync(this.secret, 0o444);
    writeFileSync(join(this.bundle, 'config.json'), JSON.stringify(this.spec(image.config.config, machine, user)));
  }

  spec(config, machine, user) {
    const mount = (destination, source, ...options) => ({ destination, source, type: 'bind', options: ['bind', ...options] });
    return {
      ociVersion: '1.0.2',
      process: {
        user: { uid: user, gid: user },
        args: [...config.Entrypoint, ...config.Cmd],
        env: [...config.Env, 'OPENCLAW_GATEWAY_TOKEN_FILE=/run/secrets/gateway-token'],
        cwd: config.WorkingDir,
        noNewPrivileges: true,
        capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
      },
      root: { path: 'rootfs', readonly: true },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
        mount(Object.keys(config.Volumes)[0], this.volume, 'rw'),
        mount('/run/secrets/gateway-token', this.secret, 'ro'),
      ],
      linux: {
        namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }, { type: 'uts' }, { type: 'network', path: `/proc/${machine.first}/ns/net` }],
        maskedPaths: ['/proc/kcore'],
      },
    };
  }

  /** Within a limit of memory, where one is given and can be set. */
  start(limit = null) {
    const [command, args] = crun('run', '--bundle', this.bundle, this.name);
    const enter = limit === null ? 'exec "$@"' : `echo $$ > ${limit}/cgroup.procs && exec "$@"`;
    this.child = endsWithUs(spawn('sh', ['-c', enter, 'sh', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
    this.log = '';
    this.child.stderr.on('data', (data) => { this.log += data; });
    this.over = new Promise((resolve) => { this.child.on('exit', (code, signal) => resolve(code ?? signal)); });
  }

  exec(...command) { return spawnSync(...crun('exec', '--user', `${this.user}:${this.user}`, this.name, ...command), { encoding: 'utf8' }); }
  get token() { return readFileSync(join(this.volume, 'admin-token'), 'utf8').trim(); }
  agents(machine) { return existsSync(join(this.volume, 'admin-token')) ? machine.agents(this.token) : 0; }

  /** As an engine stops it. */
  stop(signal) {
    run(...crun('kill', this.name, signal));
    return this.over;
  }
}

/** A check with a container, which is gone when it is over. */
const checkWith = (name, make, body, why = null) => check(name, async () => {
  const container = make();
  try {
    await body(container);
  } finally {
    spawnSync(...crun('delete', '--force', container.name));
    await container.over;
  }
}, why);

/** The most memory that was used within a limit, in bytes. */
function peakOf(limit) {
  const file = ['memory.max_usage_in_bytes', 'memory.peak'].map((name) => join(limit, name)).find(existsSync);
  return Number(readFileSync(file, 'utf8'));
}

/** A cgroup with a limit of memory, of version 1 or 2; null where there is no controller. */
function limited(bytes) {
  const places = [['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'], ['/sys/fs/cgroup', 'memory.max']];
  for (const [parent, file] of places) {
    const dir = join(parent, `cc-package-${process.pid}`);
    try {
      mkdirSync(dir);
      writeFileSync(join(dir, file), String(bytes));
      return dir;
    } catch { spawnSync('rmdir', [dir]); }
  }
  return null;
}

export async function imageAlone(dist, table) {
  const image = new Image(dist.image);
  const machine = new Machine(bareSystem('bookworm'));
  await machine.boot('sleep', '3600');
  const simulator = await machine.gateway('--agents', '5');

  await checkWith('the image runs read-only, without capabilities, as nobody (crun)', () => new Container(image, machine), async (container) => {
    container.start();
    await until('an agent', () => container.agents(machine) > 0, 30_000, container);
    table.push({ file: basename(dist.image), bytes: statSync(dist.image).size, where: 'crun, read-only, no capabilities', seconds: (Date.now() - container.begun) / 1000 });
    assert.match(machine.ask('/'), /<!doctype html>/i);
    const healthy = container.exec(...image.config.config.Healthcheck.Test.slice(1));
    assert.equal(healthy.stdout, 'ready\n', healthy.stderr);
    assert.notEqual(container.exec('/bin/sh', '-c', 'true').status, 0, 'it has a shell');
    assert.equal(await container.stop(image.config.config.StopSignal), 0);
    assert.match(container.log, /stopped/);
  });

  await checkWith('a volume that the image may not write is one clear line', () => new Container(image, machine, { user: 4242 }), async (container) => {
    container.start();
    assert.equal(await container.over, 3);
    assert.match(container.log, /^control-center: .*\/var\/lib\/control-center/m);
    assert.equal(container.log.trim().split('\n').filter((line) => line.startsWith('control-center:')).length, 1, container.log);
  });
  simulator.kill('SIGKILL');

  const limit = limited(64 << 20);
  await checkWith('64 MB are enough for 1,000 agents and 100 readers', () => new Container(image, machine), async (container) => {
    await machine.gateway('--agents', '1000', '--sessions', '2000', '--events', '20', '--scenario', 'busy');
    container.start(limit);
    await until('all agents', () => container.agents(machine) >= 1000, 60_000, container);
    const readers = Array.from({ length: 100 }, () => machine.beside('curl', ['-sSN', '-H', `Authorization: Bearer ${container.token}`, 'http://127.0.0.1:8787/api/v1/stream'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    await Promise.all(readers.map((reader) => new Promise((resolve, reject) => {
      let told = '';
      reader.stdout.on('data', (data) => { told += data; if (told.includes('\ndata: ')) resolve(); });
      reader.on('exit', () => reject(new Error(`a reader was cut off\n${container.log}`)));
    })));
    assert.equal(container.agents(machine), 1000);
    assert.ok(peakOf(limit) > 8 << 20, 'it was not within the limit');
    console.log(`        at most ${Math.ceil(peakOf(limit) / (1 << 20))} MiB`);
    for (const reader of readers) { reader.removeAllListeners('exit'); reader.kill('SIGKILL'); }
    assert.equal(await container.stop('SIGTERM'), 0);
  }, limit === null ? 'no controller of memory here' : null);
  if (limit) await until('the cgroup is free', () => spawnSync('rmdir', [limit]).status === 0, 10_000);
  await machine.stop();
  rmSync(image.dir, { recursive: true, force: true });
}
