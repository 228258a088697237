// What Control Center promises against real gateways. Each check says in its name what a user would see.
import assert from 'node:assert/strict';
import http from 'node:http';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, finish, ground } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { untilAlike } from '../../support/session_rows.mjs';
import { onCommands } from './commands.mjs';
import { Gateway, TOKEN, install, remoteProxy } from './gateway.mjs';
import { chosenVersions } from './versions.mjs';

const VERSIONS = chosenVersions();

/** A REST endpoint that counts. */
async function countingEndpoint(agents) {
  const endpoint = { hits: 0, agents };
  const server = http.createServer((request, response) => {
    endpoint.hits += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(endpoint.agents));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  endpoint.url = `http://127.0.0.1:${server.address().port}/api/agents`;
  endpoint.close = () => server.close();
  return endpoint;
}

const serve = (gateway, env = {}) =>
  ControlCenter.start({ WS_GATEWAY_URL: gateway.url, OPENCLAW_GATEWAY_TOKEN: TOKEN, ...env });
const live = (center) => center.until('the gateway is live', 'gateway', 'default', (row) => row?.state === 'live', 180_000);

/** A row without the times that move without an entry. */
const lasting = ({ lastEventAt, lastActiveAt, lastProgressAt, ...row }) => row;

/** Every figure and state of ours is what the gateway's own list says. It is read again after 30 s of quiet, later where it is slow. */
const rowsAreTheGateways = async (center, operator) => {
  const { took, late } = await untilAlike(center, operator, 240_000);
  console.log(`        as the gateway's list after ${(took / 1000).toFixed(1)} s${late ? `; late: ${JSON.stringify(late)}` : ''}`);
};

async function onOneGateway({ version, protocol, says = version, lacks = {} }) {
  const label = `${version}:`;
  const gateway = await Gateway.make(version);
  const operator = await gateway.operator();
  // What no event tells is read every minute.
  const patience = operator.has('sessions.subscribe') ? 30_000 : 90_000;
  const endpoint = await countingEndpoint([]);
  const center = await serve(gateway, {
    GATEWAY_URL: endpoint.url, GATEWAY_POLL_INTERVAL: '500ms', CONTROL_CENTER_WS_READY_TIMEOUT: '20s',
  });
  try {
    await check(`${label} sync: the gateway is live, and its agents are there`, async () => {
      const row = await live(center);
      assert.equal(row.protocol, protocol);
      assert.equal(row.serverVersion, says);
      assert.equal(row.source, 'ws');
      assert.equal(row.detail, null);
      const { agents } = await center.get('/api/v1/fleet');
      assert.deepEqual(agents.map((agent) => agent.id).sort(), ['main', 'otto', 'scout']);
      assert.ok(agents.every((agent) => agent.status === 'idle' && agent.source === 'ws'));
      assert.ok(agents.find((agent) => agent.id === 'main').isDefault);
    });

    await check(`${label} run: working, then idle, with tokens and cost`, async () => {
      const stream = await center.follow();
      await operator.say('agent:otto:main', 'Report [[chunk:300]] [[usage:2500,140]]');
      await until('otto was working and is idle', () => {
        const seen = ControlCenter.statuses(stream.changes, 'otto');
        return seen.includes('working') && seen.at(-1) === 'idle';
      }, 180_000, center);
      const session = await center.until('the figures of the run', 'sessions', 'agent:otto:main',
        (row) => (row?.status === 'done' || lacks.status) && row?.totalTokens === 2500 && row.outputTokens === 140, 90_000);
      assert.ok(lacks.status || Math.abs(session.costUsd - 0.0096) < 1e-9, `cost ${session.costUsd}`);
      assert.equal(session.activeRuns, 0);
      await sleep(3000);
      const seen = ControlCenter.statuses(stream.changes, 'otto');
      assert.deepEqual(seen.slice(seen.indexOf('working')), ['working', 'idle'], 'idle, and it stays so');
      stream.close();
    });

    await check(`${label} rows after a run are as the gateway lists them`, () => rowsAreTheGateways(center, operator));

    await check(`${label} sessions: created, patched, reset and deleted`, async () => {
      const key = 'agent:main:scratch';
      const shown = (what, test) => center.until(what, 'sessions', key, test, patience);
      if (operator.has('sessions.create')) await operator.call('sessions.create', { key, agentId: 'main', label: 'Scratch' });
      else await operator.call('sessions.patch', { key, label: 'Scratch' });
      await shown('created', (row) => row?.title === 'Scratch' && row.agentId === 'main');
      await operator.call('sessions.patch', { key, label: 'Scratch 2', model: 'fake/fake-slow' });
      await shown('patched', (row) => row?.title === 'Scratch 2' && row.model === 'fake-slow');
      const before = await center.row('sessions', key);
      await operator.call('sessions.reset', { key });
      await shown('reset', (row) => row && row.version > before.version && row.status === null);
      await operator.call('sessions.delete', { key, deleteTranscript: true });
      await shown('deleted', (row) => row === null);
    });

    await check(`${label} agents: created, updated and deleted reach us without a restart`, async () => {
      const workspace = join(gateway.state, 'workspace-newbie');
      await operator.call('agents.create', { name: 'Newbie', workspace });
      await center.until('created', 'agents', 'newbie', (row) => row !== null, 90_000);
      await operator.call('agents.update', { agentId: 'newbie', name: 'Newbie Two', model: 'fake/fake-smart' });
      await center.until('updated', 'agents', 'newbie', (row) => row?.name === 'Newbie Two' && (row.model === 'fake/fake-smart' || lacks.model), 90_000);
      await operator.call('agents.delete', { agentId: 'newbie', deleteFiles: false });
      await center.until('deleted', 'agents', 'newbie', (row) => row === null, 90_000);
    });

    // The last run of main well before the kill below: a gateway tells the end of a run before it has kept it, and calls
    // a run failed whose end it has not kept when it is back.
    await check(`${label} approval: the agent waits while a person is asked`, async () => {
      const approver = await gateway.operator({ caps: ['exec-approvals', 'approvals'], approvals: true });
      const asked = approver.event('exec.approval.requested', 120_000);
      await operator.say('agent:main:ops', 'Run something [[exec:echo hello]]');
      const { id } = await asked;
      await center.until('main waits', 'agents', 'main', (agent) => agent?.status === 'waiting', 90_000);
      await approver.call('exec.approval.resolve', { id, decision: 'allow-once' });
      await center.until('main does not wait', 'agents', 'main', (agent) => agent?.status !== 'waiting', 90_000);
      await center.until('main is idle', 'agents', 'main', (agent) => agent?.status === 'idle', 90_000);
      await center.until('its run is done', 'sessions', 'agent:main:ops', (row) => row?.status === 'done', patience);
      approver.close();
    }, lacks.approval);

    await check(`${label} error: a failed run shows, with its reason`, async () => {
      await operator.say('agent:scout:errors', 'fail [[error:400]]');
      const row = await center.until('scout is in error', 'agents', 'scout', (agent) => agent?.status === 'error', 90_000);
      assert.match(row.statusReason, /provider/i);
    });

    await check(`${label} rows after a failed run are as the gateway lists them`, () => rowsAreTheGateways(center, operator));

    await check(`${label} error: a good run takes it back`, async () => {
      await operator.say('agent:scout:errors', 'again');
      await center.until('scout is idle', 'agents', 'scout', (agent) => agent?.status === 'idle', 90_000);
    });

    await check(`${label} abort: a killed run is no error`, async () => {
      const { runId } = await operator.say('agent:scout:main', 'long [[chunks:30]] [[chunk:900]]');
      await center.until('scout works', 'agents', 'scout', (agent) => agent?.status === 'working', 90_000);
      await sleep(3000);
      await operator.call('chat.abort', { sessionKey: 'agent:scout:main', runId });
      // Older ones call a run that was stopped `timeout`, or go on calling it `running`.
      const isOwnWord = !operator.hello.snapshot.appliedConfigHash;
      await center.until('killed', 'sessions', 'agent:scout:main',
        (row) => row?.activeRuns === 0 && (row.status === 'killed' || isOwnWord), patience);
      await center.until('scout is idle', 'agents', 'scout', (agent) => agent?.status === 'idle');
      await sleep(1000);
      assert.equal((await center.row('agents', 'scout')).status, 'idle');
    });

    await check(`${label} rows after a stopped run are as the gateway lists them`, () => rowsAreTheGateways(center, operator), lacks.stop);

    await check(`${label} stream: what it told makes up what the API shows`, async () => {
      const { events } = await center.get('/api/v1/events?limit=1000');
      events.forEach((set, i) => assert.equal(set.seq, events[0].seq + i));
      for (const [kind, id] of [['gateways', 'name'], ['agents', 'id'], ['sessions', 'key']]) {
        const told = new Map();
        for (const set of events) {
          for (const row of set[kind]?.upsert ?? []) told.set(row[id], lasting(row));
          for (const gone of set[kind]?.remove ?? []) told.delete(gone[id]);
        }
        const { items } = await center.get(`/api/v1/${kind}?limit=1000`);
        assert.deepEqual(items.map((row) => row[id]).sort(), [...told.keys()].sort());
        for (const row of items) assert.deepEqual(told.get(row[id]), lasting(row));
      }
    });

    await check(`${label} the poller's endpoint was never asked while the WebSocket lived`, async () => {
      assert.equal(endpoint.hits, 0);
      assert.ok(center.log.includes('using WS — REST poller standing down'));
    });

    await check(`${label} killed and restarted: unknown at once, kept, polled, then live again`, async () => {
      endpoint.agents = [{ id: 'main', status: 'online' }];
      await operator.say('agent:scout:cut-off', 'long [[chunks:30]] [[chunk:900]]');
      await center.until('scout works', 'agents', 'scout', (agent) => agent?.status === 'working', 90_000);
      if (operator.has('sessions.subscribe')) await center.until('its session', 'sessions', 'agent:scout:cut-off', (row) => row !== null);
      const before = (await center.get('/api/v1/sessions?limit=1000')).items.map((row) => row.key).sort();
      gateway.kill();
      operator.close();
      await center.until('unknown', 'agents', 'main', (agent) => agent?.status === 'unknown', 10_000);
      const { items } = await center.get('/api/v1/sessions?limit=1000');
      assert.deepEqual(items.map((row) => row.key).sort(), before);
      await center.until('polling', 'gateway', 'default', (row) => row.state === 'polling', 90_000);
      assert.ok(center.log.includes('WS not ready — falling back to REST polling'));
      assert.ok(await center.row('agents', 'otto'), 'an answer without otto removed what REST did not bring');
      await gateway.start();
      const row = await live(center);
      assert.equal(row.reconnects, 1);
      await center.until('idle', 'agents', 'main', (agent) => agent?.status === 'idle');
      const hits = endpoint.hits;
      await sleep(2000);
      assert.equal(endpoint.hits, hits, 'the poller went on beside the WebSocket');
    });

    await check(`${label} rows after a kill -9 are as the gateway lists them`, async () => {
      const person = await gateway.operator();
      await rowsAreTheGateways(center, person);
      person.close();
    });

    await check(`${label} restart of ours: the fleet is there before the gateway is`, async () => {
      const before = (await center.get('/api/v1/sessions?limit=1000')).total;
      assert.equal(await center.stop({ keep: true }), 0);
      gateway.kill();
      const again = await ControlCenter.start({ WS_GATEWAY_URL: gateway.url, OPENCLAW_GATEWAY_TOKEN: TOKEN }, { dir: center.dir });
      assert.equal((await again.get('/api/v1/sessions?limit=1000')).total, before);
      assert.equal((await again.row('agents', 'main')).status, 'unknown');
      await gateway.start();
      await live(again);
      assert.equal((await again.row('agents', 'main')).status, 'idle');
      assert.equal(await again.stop(), 0);
    });

    await check(`${label} wrong token: blocked with the reason, cured without a restart`, async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'cc-token-')), 'token');
      writeFileSync(file, 'not-the-token', { mode: 0o600 });
      const wrong = await ControlCenter.start({ WS_GATEWAY_URL: gateway.url, OPENCLAW_GATEWAY_TOKEN_FILE: file });
      const row = await wrong.until('blocked', 'gateway', 'default', (state) => state?.state === 'blocked');
      assert.match(row.detail, /token/i);
      assert.ok(row.action);
      assert.ok(!JSON.stringify(row).includes('not-the-token') && !wrong.log.includes('not-the-token'));
      writeFileSync(file, TOKEN, { mode: 0o600 });
      await wrong.until('cured', 'gateway', 'default', (state) => state.state === 'live', 90_000);
      await wrong.stop();
    });

    await check(`${label} fall-back: a stock gateway without its WebSocket is still worth something`, async () => {
      const rest = await ControlCenter.start({
        WS_GATEWAY_URL: 'off', GATEWAY_URL: `http://127.0.0.1:${gateway.port}/api/agents`,
        GATEWAY_POLL_INTERVAL: '1s', OPENCLAW_GATEWAY_TOKEN: TOKEN,
      });
      const row = await rest.until('polling', 'gateway', 'default', (state) => state?.state === 'polling', 90_000);
      assert.equal(row.source, 'rest');
      await rest.until('otto', 'agents', 'otto', (agent) => agent?.status === 'idle' && agent.source === 'rest');
      const session = await rest.until('its session', 'sessions', 'agent:otto:main', (state) => state !== null);
      assert.equal(session.agentId, 'otto');
      if (!lacks.status) {
        const person = await gateway.operator();
        await person.say('agent:otto:main', 'Once more [[chunks:10]] [[chunk:3000]]');
        await rest.until('otto works', 'agents', 'otto', (agent) => agent?.status === 'working', 90_000);
        await rest.until('otto is idle', 'agents', 'otto', (agent) => agent?.status === 'idle', 90_000);
        person.close();
      }
      await rest.stop();
    });

    await check(`${label} many sessions: all are read, and who left while we were away is gone`, async () => {
      const keys = Array.from({ length: 210 }, (_, i) => `agent:scout:page-${i}`);
      const admin = await gateway.operator();
      for (const key of keys) {
        if (admin.has('sessions.create')) await admin.call('sessions.create', { key, agentId: 'scout' });
        else await admin.call('sessions.patch', { key, label: key });
      }
      const many = await serve(gateway);
      await live(many);
      const held = async (center) => (await center.get('/api/v1/sessions?agentId=scout&limit=1000')).items.map((row) => row.key);
      const missing = async (center) => { const have = new Set(await held(center)); return keys.filter((key) => !have.has(key)); };
      assert.deepEqual(await missing(many), []);
      assert.equal(await many.stop({ keep: true }), 0);
      for (const key of keys.slice(0, 3)) await admin.call('sessions.delete', { key, deleteTranscript: true });
      const again = await ControlCenter.start({ WS_GATEWAY_URL: gateway.url, OPENCLAW_GATEWAY_TOKEN: TOKEN }, { dir: many.dir });
      await live(again);
      assert.deepEqual(await missing(again), keys.slice(0, 3));
      assert.equal(await again.stop(), 0);
      admin.close();
    });
  } finally {
    endpoint.close();
    center.process.kill('SIGKILL');
    gateway.remove();
  }
}

async function onImpatientBehindProxy({ version, protocol, lacks = {} }) {
  // Protocol 3 takes who comes through a proxy that it does not know for a stranger; later ones refuse it.
  const trust = protocol === 3 ? {} : { gateway: { trustedProxies: ['127.0.0.1'] } };
  const gateway = await Gateway.make(version, { ...trust, agents: { defaults: { timeoutSeconds: 8 } } });
  const proxy = await remoteProxy(gateway.port);
  const operator = await gateway.operator();
  const center = await ControlCenter.start({
    WS_GATEWAY_URL: `ws://127.0.0.1:${proxy.port}/`, OPENCLAW_GATEWAY_TOKEN: TOKEN,
  });
  try {
    await check(`${version}: pairing: blocked with the command, cured by approving`, async () => {
      const row = await center.until('blocked', 'gateway', 'default', (state) => state?.state === 'blocked');
      const [, request] = /^openclaw devices approve ([0-9a-f-]{36})$/.exec(row.action) ?? [];
      assert.ok(request, `action: ${row.action}`);
      await operator.call('device.pair.approve', { requestId: request });
      await center.until('cured', 'gateway', 'default', (state) => state.state === 'live', 90_000);
    });

    await check(`${version}: timeout: a run that was given too little time is an error`, async () => {
      await operator.say('agent:otto:main', 'long [[chunks:30]] [[chunk:900]]');
      const session = await center.until('timeout', 'sessions', 'agent:otto:main', (row) => row?.status === 'timeout', 90_000);
      assert.equal(session.activeRuns, 0);
      const agent = await center.until('otto is in error', 'agents', 'otto', (row) => row?.status === 'error');
      assert.ok(agent.statusReason);
      await center.stop();
    }, lacks.timeout);
  } finally {
    operator.close();
    center.process.kill('SIGKILL');
    proxy.close();
    gateway.remove();
  }
}

async function onTwoGateways() {
  const gateways = [await Gateway.make(VERSIONS[0].version), await Gateway.make(VERSIONS.at(-1).version)];
  try {
    await check('two gateways: one roster, at once', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'cc-two-'));
      const tables = gateways.map((gateway, i) => `[[gateway]]\nname = "g${i}"\nws_url = "${gateway.url}"\ntoken = "${TOKEN}"\n`);
      writeFileSync(join(dir, 'config.toml'), tables.join('\n'), { mode: 0o600 });
      const center = await ControlCenter.start({ GATEWAY_URL: undefined }, { args: ['--config', join(dir, 'config.toml')] });
      for (const name of ['g0', 'g1']) {
        await center.until(`${name} is live`, 'gateway', name, (row) => row?.state === 'live', 180_000);
      }
      const { items } = await center.get('/api/v1/agents');
      assert.equal(items.length, 6);
      await center.stop();
    });
  } finally {
    for (const gateway of gateways) gateway.remove();
  }
}

for (const { version } of VERSIONS) install(version);
// Gateways wait far more than they work: for timers of theirs, and for ours. Two at a time.
const queue = [...VERSIONS];
await Promise.all([0, 1].map(async () => {
  for (let version = queue.shift(); version; version = queue.shift()) {
    await ground(`${version.version}: one gateway`, () => onOneGateway(version));
    await ground(`${version.version}: an impatient one behind a proxy`, () => onImpatientBehindProxy(version));
    if (version.acts) await ground(`${version.version}: what can be told to it`, () => onCommands(version));
  }
}));
if (VERSIONS.length > 1) await ground('two gateways', onTwoGateways);
finish();
