// Control Center beside simulated gateways, as the checks need it.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ControlCenter, until } from '../support/control_center.mjs';
import { Simulator } from '../support/simulator.mjs';

/** One gateway with a few agents, synced. Options are those of gateway-sim; with seed 1 nothing is wrong. */
export async function oneGateway(options = {}) {
  const flags = Object.entries({ events: 0, seed: 1, ...options });
  const simulator = await Simulator.start(flags.flatMap(([name, value]) => [`--${name}`, value]));
  const center = await ControlCenter.start(simulator.env);
  await isLive(center);
  return scene(center, [simulator]);
}

/** `office` speaks, `lab` waits for somebody to approve us. */
export async function oneIsBlocked() {
  const office = await Simulator.start(['--events', 0, '--seed', 7]);
  const lab = await Simulator.start(['--events', 0, '--seed', 8, '--pairing']);
  const dir = mkdtempSync(join(tmpdir(), 'cc-browser-'));
  const token = join(dir, 'token');
  writeFileSync(token, 'sim-token', { mode: 0o600 });
  const table = (name, { url, http }) =>
    `[[gateway]]\nname = "${name}"\nws_url = "${url}"\nrest_url = "${http}/api/agents"\ntoken_file = "${token}"\nws_ready_timeout = "1h"\n`;
  const file = join(dir, 'config.toml');
  writeFileSync(file, table('office', office) + table('lab', lab), { mode: 0o600 });
  const center = await ControlCenter.start({ GATEWAY_URL: undefined }, { args: ['--config', file] });
  await isLive(center, 'office');
  await center.until('lab is blocked', 'gateway', 'lab', (row) => row?.state === 'blocked');
  return scene(center, [office, lab]);
}

export async function isLive(center, gateway = 'default', timeoutMs = 30_000) {
  await center.until(`${gateway} is live`, 'gateway', gateway, (row) => row?.state === 'live', timeoutMs);
  await until('agents are there', async () => (await center.get(`/api/v1/agents?gateway=${gateway}`)).total > 0);
}

/** The same data and address again, after it was stopped or killed. */
export async function startAgain(old, simulator) {
  const env = { ...simulator.env, CONTROL_CENTER_LISTEN: new URL(old.url).host };
  return ControlCenter.start(env, { dir: old.dir });
}

function scene(center, simulators) {
  return {
    center,
    simulator: simulators[0],
    simulators,
    async end() {
      await this.center.stop();
      for (const simulator of simulators) simulator.stop();
    },
  };
}

/** Runs `body` in a scene, and clears up. */
export async function within(making, body) {
  const it = await making;
  try {
    await body(it);
  } finally {
    await it.end();
  }
}
