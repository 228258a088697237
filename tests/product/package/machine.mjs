// Bare Debian systems in namespaces of their own: the files by debootstrap, kept; what a test changes goes over them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { endsWithUs } from '../../support/children.mjs';
import { until } from '../../support/control_center.mjs';
import { root as repository, run, scratch } from './dist.mjs';

const here = join(repository, 'tests/product/package');
const kept = process.env.CC_ROOTS ?? join(process.env.CC_CACHE, 'roots');
const namespaces = ['--fork', '--pid', '--mount', '--uts', '--ipc', '--cgroup', '--net', '--kill-child', '--propagation', 'private'];

/** Why no system can be started here; null: it can. */
export function obstacle() {
  if (process.getuid() !== 0) return 'it needs root';
  const done = spawnSync('unshare', [...namespaces, 'sh', '-c', 'mkdir -p /tmp/cc-cgroup && mount -t cgroup2 none /tmp/cc-cgroup'], { encoding: 'utf8' });
  return done.status === 0 ? null : `no namespaces here: ${done.stderr.trim()}`;
}

/** Where control groups of version 2 are. */
const groups = () => / (\S+) cgroup2 /.exec(readFileSync('/proc/self/mounts', 'utf8'))[1];

/** The mirror that this machine has its packages from. */
function mirror() {
  const lines = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages', 'Origin: Debian']);
  return lines.split('\n').find((line) => /\/debian\/? [a-z]+$/.test(line)).split(' ')[0];
}

/** The files of a bare system of a release, with further packages. */
export function bareSystem(release, packages = []) {
  const dir = join(kept, [release, ...packages].join('-'));
  if (existsSync(dir)) return dir;
  mkdirSync(kept, { recursive: true });
  const making = mkdtempSync(join(kept, '.making-'));
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  run('debootstrap', ['--variant=minbase', ...include, release, making, mirror()]);
  renameSync(making, dir);
  return dir;
}

/** A system that runs: process 1 is `command`. */
export class Machine {
  constructor(system) {
    this.system = system;
    this.upper = mkdtempSync(join(scratch, 'machine-'));
    // Of its own, so that its systemd finds nothing but itself in it.
    this.group = mkdtempSync(join(groups(), 'cc-machine-'));
  }

  async boot(...command) {
    this.child = endsWithUs(spawn('sh', ['-c', `echo $$ > ${this.group}/cgroup.procs && exec unshare "$@"`, 'sh', ...namespaces, join(here, 'boot.sh'), this.system, this.upper, ...command], { stdio: ['ignore', 'pipe', 'pipe'] }));
    this.log = '';
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (data) => { this.log += data; });
    this.over = new Promise((resolve) => { this.child.on('exit', resolve); });
    this.first = await until('process 1', () => {
      const child = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8').trim();
      // Before that it sees the files of the host, and so would whoever follows it.
      return child && existsSync(`/proc/${child}/root/run/${basename(this.upper)}`) ? child : null;
    }, 20_000);
  }

  /** Boots systemd as process 1, up to where services run. */
  async bootSystemd() {
    await this.boot('/lib/systemd/systemd', '--log-level=warning', '--show-status=0');
    await until('systemd', () => /running|degraded|starting/.test(this.try('systemctl', 'is-system-running').stdout), 60_000, this);
    await until('the targets', () => this.try('systemctl', 'is-active', 'multi-user.target').status === 0, 60_000, this);
  }

  inside(...command) { return ['--target', this.first, '--all', '--', 'env', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...command]; }
  try(...command) { return spawnSync('nsenter', this.inside(...command), { encoding: 'utf8', timeout: 180_000 }); }
  run(...command) {
    const done = this.try(...command);
    if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }
  start(...command) { return endsWithUs(spawn('nsenter', this.inside(...command), { stdio: ['ignore', 'pipe', 'pipe'] })); }
  shell(line) { return this.run('sh', '-c', line); }

  /** Runs a program of the host in the machine's network: its loopback is another than ours. */
  beside(command, args, options = {}) { return endsWithUs(spawn('nsenter', ['--target', this.first, '--net', '--', command, ...args], options)); }
  ask(path, token = '') {
    const args = ['--target', this.first, '--net', '--', 'curl', '-sS', '--max-time', '5', '-H', `Authorization: Bearer ${token}`, `http://127.0.0.1:8787${path}`];
    const done = spawnSync('nsenter', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return done.status === 0 ? done.stdout : null;
  }

  /** Where a file of it is on the host. */
  path(name) { return join('/proc', this.first, 'root', name); }
  put(file, name = join('/tmp', basename(file))) {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    copyFileSync(file, this.path(name));
    return name;
  }

  /** A gateway with agents in its network, at the address where one is expected. */
  async gateway(...args) {
    const simulator = this.beside(join(process.env.CC_BIN, 'gateway-sim'), ['--listen', '127.0.0.1:18789', '--token', 'gateway-token', '--protocol', '4', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => { simulator.stdout.once('data', resolve); simulator.once('exit', reject); });
    return simulator;
  }

  /** The number of agents that a server shows to whoever has the token. */
  agents(token) {
    const answer = this.ask('/api/v1/fleet', token);
    return answer?.startsWith('{"cursor"') ? JSON.parse(answer).agents.length : 0;
  }

  async reboot() {
    this.try('systemctl', 'reboot');
    await this.over;
    await this.bootSystemd();
  }

  async stop() {
    this.child.kill('SIGKILL');
    await this.over;
    await until('the control group is empty', () => spawnSync('find', [this.group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']).status === 0, 10_000);
    rmSync(this.upper, { recursive: true, force: true });
  }
}

/** The same package with an older version. */
export function older(deb) {
  const dir = mkdtempSync(join(scratch, 'older-'));
  const file = join(scratch, 'older.deb');
  run('dpkg-deb', ['--raw-extract', deb, dir]);
  run('sed', ['-i', 's/^Version: .*/Version: 0.0.1/', join(dir, 'DEBIAN/control')]);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', dir, file], { stdio: 'ignore' });
  return file;
}
