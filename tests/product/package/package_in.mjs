// The Debian package under a systemd that is process 1 of a bare system: from the first installation to the last.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { check, ground } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { Machine, bareSystem, older } from './machine.mjs';

const configuration = 'openclaw_gateway_token_file = "/etc/control-center/gateway-token"\n';
const tokenFile = '/var/lib/control-center/admin-token';

class Service {
  constructor(machine) { this.machine = machine; }

  property(name) { return this.machine.run('systemctl', 'show', '--value', '--property', name, 'control-center').trim(); }
  get pid() { return Number(this.property('MainPID')); }
  get token() { return readFileSync(this.machine.path(tokenFile), 'utf8').trim(); }
  get version() { return this.machine.run('dpkg-query', '-W', '-f', '${Version}', 'control-center'); }
  is(state) { return this.machine.try('systemctl', 'is-active', 'control-center').stdout.trim() === state; }
  agents() { return existsSync(this.machine.path(tokenFile)) ? this.machine.agents(this.token) : 0; }
  async shows(what, count = 1) { await until(`${what}: an agent`, () => this.agents() >= count, 40_000, { log: this.machine.try('journalctl', '-n', '30').stdout }); }

  configure() {
    this.machine.shell(`install -m 600 -o control-center /dev/null /etc/control-center/gateway-token && echo gateway-token > /etc/control-center/gateway-token
      printf '%s' '${configuration}' >> /etc/control-center/control-center.toml && systemctl restart control-center`);
  }

  /** Once another process runs it. */
  async again(pid) { await until('another process', () => this.is('active') && this.pid !== pid && this.pid > 0, 60_000); }
}

export async function packageIn(name, release, dist, table) {
  await ground(`${name} with systemd`, async () => {
    const machine = new Machine(bareSystem(release, ['systemd-sysv']));
    await machine.bootSystemd();
    try {
      await live(name, machine, new Service(machine), dist, table);
    } finally {
      await machine.stop();
    }
  });
}

async function live(name, machine, service, dist, table) {
  await machine.gateway('--agents', '5', '--events', '20', '--scenario', 'busy');
  await check(`${name}: the package is installed, and serves`, async () => {
    const deb = machine.put(older(dist.deb));
    const begun = Date.now();
    machine.run('dpkg', '--install', deb);
    assert.ok(service.is('active'));
    service.configure();
    await service.shows('installed');
    table.push({ file: basename(dist.deb), bytes: statSync(dist.deb).size, where: `${name}, systemd as process 1`, seconds: (Date.now() - begun) / 1000 });
  });
  await aboutUnit(name, machine, service);
  await aboutChanges(name, machine, service, dist);
}

async function aboutUnit(name, machine, service) {
  await check(`${name}: the unit's sandbox is in force`, () => {
    const status = readFileSync(machine.path(`/proc/${service.pid}/status`), 'utf8');
    assert.match(status, /^Seccomp:\s+2$/m);
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    assert.match(status, /^CapEff:\s+0+$/m);
    assert.match(status, /^CapBnd:\s+0+$/m);
    const uid = machine.run('id', '-u', 'control-center').trim();
    assert.match(status, new RegExp(`^Uid:\\s+${uid}\\s`, 'm'));
    const mounts = machine.run('cat', `/proc/${service.pid}/mountinfo`);
    assert.match(mounts, / \/ \/ ro[, ]| \/ ro[, ]/);
    assert.match(mounts, / \/var\/lib\/control-center rw[, ]/);
  });

  await check(`${name}: a start is over when it serves, not before`, () => {
    machine.run('systemctl', 'restart', 'control-center');
    assert.match(machine.ask('/readyz') ?? '', /"ok"/);
    assert.equal(service.property('Type'), 'notify');
  });

  await check(`${name}: a reload keeps the process`, () => {
    const { pid } = service;
    machine.run('systemctl', 'reload', 'control-center');
    assert.equal(service.pid, pid);
    assert.match(machine.ask('/readyz') ?? '', /"ok"/);
  });

  await check(`${name}: kill -9 is survived`, async () => {
    const { pid } = service;
    machine.shell(`kill -9 ${pid}`);
    await service.again(pid);
    await service.shows('after kill -9');
  });

  await check(`${name}: one that hangs is killed and started again`, async () => {
    assert.equal(service.property('WatchdogUSec'), '30s');
    machine.shell('mkdir -p /run/systemd/system/control-center.service.d && printf "[Service]\\nWatchdogSec=2\\n" > /run/systemd/system/control-center.service.d/short.conf && systemctl daemon-reload && systemctl restart control-center');
    const { pid } = service;
    machine.shell(`kill -STOP ${pid}`);
    await service.again(pid);
    machine.shell('rm -r /run/systemd/system/control-center.service.d && systemctl daemon-reload && systemctl restart control-center');
  });

  await check(`${name}: it is there again after the machine was started again`, async () => {
    await machine.reboot();
    await machine.gateway('--agents', '5', '--events', '20', '--scenario', 'busy');
    assert.ok(service.is('active'));
    await service.shows('after the reboot');
  });
}

async function aboutChanges(name, machine, service, dist) {
  const deb = () => machine.put(dist.deb);
  const installed = () => existsSync(machine.path('/usr/bin/control-center'));

  await check(`${name}: an upgrade keeps the data, and readers miss nothing`, async () => {
    const reader = machine.start('/usr/bin/control-center', 'events', '--follow', '--data-dir', '/var/lib/control-center');
    let told = '';
    reader.stdout.on('data', (data) => { told += data; });
    const entries = () => told.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    await until('entries', () => entries().length > 5, 20_000);
    const { pid, token } = service;
    assert.equal(service.version, '0.0.1');
    machine.run('dpkg', '--install', deb());
    assert.notEqual(service.version, '0.0.1');
    await service.again(pid);
    const before = entries().length;
    await until('entries of the new one', () => entries().length > before + 5, 40_000);
    reader.kill();
    const sequence = entries().map(({ seq }) => seq);
    assert.deepEqual(sequence, sequence.map((_, i) => sequence[0] + i), 'a hole');
    assert.equal(service.token, token);
  });

  await check(`${name}: what the operator wrote survives the upgrade`, () => {
    assert.ok(readFileSync(machine.path('/etc/control-center/control-center.toml'), 'utf8').endsWith(configuration));
  });

  await check(`${name}: removed, it is gone, and what it recorded stays`, () => {
    machine.run('dpkg', '--remove', 'control-center');
    assert.ok(!installed());
    assert.ok(!service.is('active'));
    assert.ok(existsSync(machine.path('/var/lib/control-center/control-center.db')));
    assert.ok(existsSync(machine.path('/etc/control-center/control-center.toml')));
  });

  await check(`${name}: installed again, it goes on where it was`, async () => {
    machine.run('dpkg', '--install', deb());
    await service.shows('installed again');
  });

  await check(`${name}: purged, nothing of it is left; installed again, it is new`, () => {
    const { token } = service;
    machine.run('dpkg', '--purge', 'control-center');
    assert.ok(!existsSync(machine.path('/var/lib/control-center')));
    assert.ok(!existsSync(machine.path('/etc/control-center/control-center.toml')));
    machine.run('dpkg', '--install', deb());
    assert.ok(service.is('active'));
    assert.notEqual(service.token, token);
  });
}
