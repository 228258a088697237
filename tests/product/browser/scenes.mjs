// Control Center beside simulated gateways, as the checks need it.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { Simulator } from '../../support/simulator.mjs';

/** One gateway with a few agents, synced. Options are those of gateway-sim; with seed 1 nothing is wrong. */
export async function oneGateway(options = {}) {
  const flags = Object.entries({ events: 0, seed: 1, ...options });
  const simulator = await Simulator.start(flags.flatMap(([name, value]) => [`--${name}`, value]));
  const center = await ControlCenter.start(simulator.env);
  await isLive(center);
  return scene(center, [simulator]);
}

/** The same, told what to do: Control Center has this access to it. */
export async function oneOperated(options = {}, access = 'admin') {
  const flags = Object.entries({ events: 0, seed: 1, ...options });
  const simulator = await Simulator.start(flags.flatMap(([name, value]) => [`--${name}`, value]));
  const center = await ControlCenter.start({ ...simulator.env, CONTROL_CENTER_GATEWAY_ACCESS: access });
  await isLive(center);
  if (access !== 'read') await center.until('it can be told something', 'gateway', 'default', (row) => row?.can.length > 0);
  return scene(center, [simulator]);
}

/** An agent of it asks whether it may run something; the approval. With `request`, exactly that is asked for. */
export async function asks({ center, simulator }, request = null) {
  const before = new Set((await pendingOf(center)).map(({ id }) => id));
  const { items: [agent] } = await center.get('/api/v1/agents?status=idle&limit=1');
  const run = JSON.parse(await simulator.post('run', { agentId: agent.id, ...(request ? { durationMs: 3_600_000 } : { durationMs: 400, waiting: true }) }));
  if (request) {
    const at = Date.now();
    const payload = { id: crypto.randomUUID(), createdAtMs: at, expiresAtMs: at + 1_800_000, approvalKind: 'exec',
      request: { allowedDecisions: ['allow-once', 'deny'], host: 'gateway', cwd: '/home/user', agentId: agent.id, sessionKey: run.sessionKey, runId: run.runId, ...request } };
    await simulator.post('emit', { event: 'exec.approval.requested', payload, toAll: true });
  }
  return until('it asks', async () => (await pendingOf(center)).find(({ id }) => !before.has(id)));
}

const pendingOf = async (center) => (await center.get('/api/v1/approvals?status=pending&limit=1000')).items;

/** The gateways by name, each a simulator, in one configuration. None is polled. */
async function several(simulators, env = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'cc-browser-'));
  const token = join(dir, 'token');
  writeFileSync(token, 'sim-token', { mode: 0o600 });
  const tables = Object.entries(simulators).map(([name, { url, http }]) =>
    `[[gateway]]\nname = "${name}"\nws_url = "${url}"\nrest_url = "${http}/api/agents"\ntoken_file = "${token}"\nws_ready_timeout = "1h"\n`);
  const file = join(dir, 'config.toml');
  writeFileSync(file, tables.join(''), { mode: 0o600 });
  const center = await ControlCenter.start({ GATEWAY_URL: undefined, ...env }, { args: ['--config', file] });
  return scene(center, Object.values(simulators));
}

const isBlocked = (center, name) => center.until(`${name} is blocked`, 'gateway', name, (row) => row?.state === 'blocked');

/** `office` speaks, `lab` waits for somebody to approve us. */
export async function oneIsBlocked() {
  const office = await Simulator.start(['--events', 0, '--seed', 7]);
  const lab = await Simulator.start(['--events', 0, '--seed', 8, '--pairing']);
  const made = await several({ office, lab });
  await isLive(made.center, 'office');
  await isBlocked(made.center, 'lab');
  return made;
}

/** One gateway that refuses our token, until the fault is taken away. */
export async function oneRefuses() {
  const simulator = await Simulator.start(['--events', 0, '--seed', 1]);
  await simulator.post('fault', { kind: 'refuse', error: 'token-mismatch' });
  const center = await ControlCenter.start(simulator.env);
  await isBlocked(center, 'default');
  return scene(center, [simulator]);
}

/**
 * For pictures: an ordinary morning with a few troubles. Two gateways speak and one waits for approval. It has gone on for
 * so many minutes, now busier, now calmer, so that there is a past to show.
 */
export async function aMorning(minutes = 0) {
  const office = await Simulator.start(['--seed', 7, '--agents', 18, '--sessions', 90, '--scenario', 'busy', '--events', 40]);
  const studio = await Simulator.start(['--seed', 11, '--agents', 6, '--sessions', 24, '--protocol', 3, '--scenario', 'calm', '--events', 1]);
  const lab = await Simulator.start(['--seed', 13, '--agents', 4, '--pairing']);
  const made = await several({ office, studio, lab }, { CONTROL_CENTER_STALL_AFTER: '20s', CONTROL_CENTER_GATEWAY_ACCESS: 'admin' });
  const { center } = made;
  await isLive(center, 'office');
  await isLive(center, 'studio');
  await isBlocked(center, 'lab');
  await until('something happened', async () => (await center.get('/api/v1/status')).journal.entries > 80, 60_000);
  for (let minute = 0; minute < minutes; minute += 1) {
    await office.post('rate', { events: 1 + 9 * Math.abs(Math.sin(minute * 1.7)) });
    await sleep(60_000);
  }
  await office.post('rate', { events: 4 });
  return made;
}

/** What a person on call has to see: two failures, one that waits, one that hangs. */
export async function trouble({ center, simulator: office }) {
  const idle = async () => (await center.get('/api/v1/agents?gateway=office&status=idle&sort=-lastActiveAt')).items.map(({ id }) => id);
  const [failed, timedOut, waiting, stuck] = await until('four are idle', async () => ((await idle()).length >= 4 ? idle() : null), 120_000);
  await office.post('run', { agentId: stuck, durationMs: 3_600_000, stuck: true });
  // It asks half-way.
  await office.post('run', { agentId: waiting, durationMs: 400, waiting: true });
  await office.post('run', { agentId: failed, durationMs: 200, outcome: 'failed' });
  await office.post('run', { agentId: timedOut, durationMs: 200, outcome: 'timeout' });
  await until('two failed', async () => (await center.get('/api/v1/agents?status=error')).total >= 2);
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

/** A scene for several checks that only look at it: made when the first of them needs it. */
export function shared(making) {
  let made;
  return {
    within: async (body) => body(await (made ??= making())),
    end: async () => (await made)?.end(),
  };
}
