// A gateway whose events are dropped, delayed, doubled and reordered before they are numbered, so that no gap tells of it.
// When it has been quiet for a minute, every row is as its lists say.
import assert from 'node:assert/strict';

import { check, finish } from '../../support/checks.mjs';
import { ControlCenter, sleep } from '../../support/control_center.mjs';
import { Operator } from '../../support/operator.mjs';
import { campaign } from '../../support/options.mjs';
import { Simulator } from '../../support/simulator.mjs';

const MINUTE = 60_000;
const { seed, random } = campaign('truth', 1, 'rounds');
const percent = (most) => Math.floor(random() * most);

/** What a row of the gateway says, in the words of ours. */
const theirs = (row) => ({
  status: row.status ?? null, activeRuns: row.hasActiveRun ?? row.status === 'running' ? 1 : 0,
  inputTokens: row.inputTokens ?? null, outputTokens: row.outputTokens ?? null,
  updatedAt: row.updatedAt ?? null, endedAt: row.endedAt ?? null,
});
const ours = ({ status, activeRuns, inputTokens, outputTokens, updatedAt, endedAt }) =>
  ({ status, activeRuns, inputTokens, outputTokens, updatedAt, endedAt });

async function listOf(operator, protocol) {
  if (protocol === 4) return operator.sessions();
  return (await operator.call('sessions.list', { includeGlobal: true, includeUnknown: true })).sessions;
}

async function differences(center, operator, protocol) {
  const listed = new Map((await listOf(operator, protocol)).map((row) => [row.key, theirs(row)]));
  const { items } = await center.get('/api/v1/sessions?limit=1000');
  const shown = new Map(items.map((row) => [row.key, ours(row)]));
  const wrong = [];
  for (const [key, row] of listed) {
    try { assert.deepEqual(shown.get(key), row); } catch { wrong.push({ key, listed: row, shown: shown.get(key) ?? null }); }
  }
  for (const key of shown.keys()) if (!listed.has(key)) wrong.push({ key, listed: null, shown: shown.get(key) });
  const { items: agents } = await center.get('/api/v1/agents?limit=1000');
  for (const agent of agents) {
    const busy = [...listed].some(([key, row]) => row.activeRuns > 0 && key.startsWith(`agent:${agent.id}:`));
    if (['working', 'stalled'].includes(agent.status) && !busy) wrong.push({ agent: agent.id, status: agent.status });
    if (['idle', 'error'].includes(agent.status) && busy) wrong.push({ agent: agent.id, status: agent.status });
  }
  return wrong;
}

async function round(protocol) {
  const simulator = await Simulator.start(['--protocol', protocol, '--agents', 10, '--sessions', 60, '--events', 60, '--seed', seed]);
  const operator = await Operator.connect(simulator.url, simulator.token);
  const center = await ControlCenter.start(simulator.env);
  try {
    await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
    const fault = { kind: 'events', drop: 5 + percent(25), delay: percent(25), double: percent(20), reorder: percent(25), ms: 4000 };
    console.log(`protocol ${protocol}: ${JSON.stringify(fault)}`);
    await simulator.post('fault', fault);
    await sleep(20_000);
    await simulator.post('rate', { events: 0 });
    const quiet = Date.now();
    let wrong;
    do {
      await sleep(2000);
      wrong = await differences(center, operator, protocol);
    } while (wrong.length > 0 && Date.now() - quiet < MINUTE + 10_000);
    console.log(`protocol ${protocol}: right after ${Math.round((Date.now() - quiet) / 1000)} s of quiet`);
    assert.deepEqual(wrong.slice(0, 5), []);
  } finally {
    operator.close();
    await center.stop();
    simulator.stop();
  }
}

await Promise.all([3, 4].map((protocol) => check(`protocol ${protocol}: within a minute of quiet every row is as the gateway's lists say`, () => round(protocol))));
finish();
