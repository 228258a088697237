// The portable program in a system that has nothing but a base of Debian.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

import { check } from '../../support/checks.mjs';
import { until } from '../../support/control_center.mjs';
import { Machine, bareSystem } from './machine.mjs';

export async function programIn(name, release, dist, table) {
  await check(`the program runs in a bare ${name}`, async () => {
    const machine = new Machine(bareSystem(release));
    await machine.boot('sleep', '3600');
    try {
      await machine.gateway('--agents', '5');
      const begun = Date.now();
      const archive = machine.put(dist.program);
      machine.shell(`mkdir /opt/cc && tar -C /opt/cc --strip-components=1 -xf ${archive} && umask 077 && echo gateway-token > /srv/token`);
      const server = machine.start('OPENCLAW_GATEWAY_TOKEN_FILE=/srv/token', 'CONTROL_CENTER_DATA_DIR=/srv/data', '/opt/cc/control-center', 'serve');
      let log = '';
      server.stderr.on('data', (data) => { log += data; });
      const token = () => readFileSync(machine.path('/srv/data/admin-token'), 'utf8').trim();
      await until(`an agent\n${log}`, () => { try { return machine.agents(token()) > 0; } catch { return false; } }, 30_000);
      table.push({ file: basename(dist.program), bytes: statSync(dist.program).size, where: `${name}, bare`, seconds: (Date.now() - begun) / 1000 });
      assert.match(machine.ask('/'), /<!doctype html>/i);
      assert.equal(machine.run('/opt/cc/control-center', 'health', '--data-dir', '/srv/data'), 'ready\n');
      assert.equal(machine.try('sh', '-c', 'command -v curl openssl').stdout, '', 'it is not bare');
    } finally {
      await machine.stop();
    }
  });
}
