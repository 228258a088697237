// A gateway whose events are dropped, delayed, doubled and reordered before they are numbered, so that no gap tells of it.
// When it has been quiet for a minute, every row is as its lists say.
import assert from 'node:assert/strict';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep } from '../../support/control_center.mjs';
import { Operator } from '../../support/operator.mjs';
import { campaign } from '../../support/options.mjs';
import { untilAlike } from '../../support/session_rows.mjs';
import { Simulator } from '../../support/simulator.mjs';

const MINUTE = 60_000;
const { seed, random } = campaign('truth', 1, 'rounds');
const percent = (most) => Math.floor(random() * most);

async function round(protocol) {
  const simulator = await Simulator.start(['--protocol', protocol, '--agents', 10, '--sessions', 60, '--events', 60, '--seed', seed]);
  const operator = await Operator.connect(simulator.url, simulator.token, { approvals: true });
  const center = await ControlCenter.start(simulator.env);
  try {
    await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
    const fault = { kind: 'events', drop: 5 + percent(25), delay: percent(25), double: percent(20), reorder: percent(25), ms: 4000 };
    console.log(`protocol ${protocol}: ${JSON.stringify(fault)}`);
    await simulator.post('fault', fault);
    await sleep(20_000);
    await simulator.post('rate', { events: 0 });
    const { took } = await untilAlike(center, operator, MINUTE + 10_000);
    console.log(`protocol ${protocol}: right after ${Math.round(took / 1000)} s of quiet`);
  } finally {
    operator.close();
    await center.stop();
    simulator.stop();
  }
}

// One agent's session overwrote and deleted the other's.
async function sharedKey() {
  const simulator = await Simulator.start(['--agents', 2, '--sessions', 4, '--events', 0]);
  const center = await ControlCenter.start(simulator.env);
  const tell = (agentId, more) =>
    simulator.post('emit', { event: 'sessions.changed', payload: { sessionKey: 'global', agentId, ...more } });
  try {
    await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
    const ids = (await center.get('/api/v1/agents')).items.map((agent) => agent.id);
    for (const id of ids) await tell(id, { reason: 'patch', session: { key: 'global', agentId: id, label: `of ${id}`, updatedAt: Date.now() } });
    for (const id of ids) {
      await center.until(`that of ${id}`, 'sessions', `agent:${id}:global`, (row) => row?.agentId === id && row.title === `of ${id}`);
    }
    await tell(ids[0], { reason: 'delete' });
    await center.until('one is deleted', 'sessions', `agent:${ids[0]}:global`, (row) => row === null);
    assert.ok(await center.row('sessions', `agent:${ids[1]}:global`), 'the other is there');
  } finally {
    await center.stop();
    simulator.stop();
  }
}

await check('two agents that use the key `global` have a session each', sharedKey);
await Promise.all([3, 4].map((protocol) => check(`protocol ${protocol}: within a minute of quiet every row is as the gateway's lists say`, () => round(protocol))));
finish();
