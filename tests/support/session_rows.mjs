// Compares what Control Center shows of sessions and agents with what the gateway itself lists.
import assert from 'node:assert/strict';

import { sleep } from './control_center.mjs';

const SHARED = ['global', 'unknown'];
const identity = ({ key, agentId }) => (SHARED.includes(key) && agentId ? `agent:${agentId}:${key}` : key);

/** What a gateway does not know yet is not 0. */
const figure = (row, name) => (row.totalTokensFresh === false && row[name] === 0 ? null : row[name] ?? null);

/** Nor is a run free of which no tokens are known. */
function cost(row) {
  const isFree = row.estimatedCostUsd === 0 && figure(row, 'inputTokens') === null && figure(row, 'outputTokens') === null;
  return isFree ? null : row.estimatedCostUsd ?? null;
}

/** A gateway that crashed may leave `running` behind. */
function isBusy(row, gatewayStartedAt) {
  if (row.hasActiveRun !== undefined) return row.hasActiveRun;
  return row.status === 'running' && !(row.endedAt >= row.startedAt) && !(row.startedAt < gatewayStartedAt);
}

/** A row of the gateway, in the words of ours. */
const theirs = (row, gatewayStartedAt) => ({
  status: row.status ?? null, busy: isBusy(row, gatewayStartedAt),
  inputTokens: figure(row, 'inputTokens'), outputTokens: figure(row, 'outputTokens'), totalTokens: figure(row, 'totalTokens'),
  contextTokens: row.contextTokens ?? null, costUsd: cost(row),
  startedAt: row.startedAt || null, updatedAt: row.updatedAt || null, endedAt: row.endedAt || null,
});
const ours = ({ status, activeRuns, inputTokens, outputTokens, totalTokens, contextTokens, costUsd, startedAt, updatedAt, endedAt }) => ({
  status, busy: activeRuns > 0, inputTokens, outputTokens, totalTokens, contextTokens, costUsd, startedAt, updatedAt, endedAt,
});

/**
 * The members in which two rows differ, as `[listed, shown]`. Of a run that failed, gateways name the room of the model in
 * events and in `sessions.describe`, and not in lists.
 */
function difference(listed, shown) {
  const isUntold = (name) => name === 'contextTokens' && listed[name] === null;
  return Object.fromEntries(Object.keys(listed).filter((name) => listed[name] !== shown[name] && !isUntold(name))
    .map((name) => [name, [listed[name], shown[name]]]));
}

function differencesOfSessions(listed, shown) {
  const wrong = [];
  for (const [key, row] of listed) {
    const other = shown.get(key);
    const differs = other ? difference(row, other) : { listed: [true, false] };
    if (Object.keys(differs).length > 0) wrong.push({ key, ...differs });
  }
  for (const key of shown.keys()) if (!listed.has(key)) wrong.push({ key, listed: [false, true] });
  return wrong;
}

/** Every session and every agent that is not as the gateway's lists say; empty where all are. */
export async function differences(center, operator) {
  const rows = await operator.sessions();
  const waiting = operator.seesApprovals ? await operator.waitingSessions() : new Set();
  const listed = new Map(rows.map((row) => [identity(row), theirs(row, operator.gatewayStartedAt)]));
  const { items } = await center.get('/api/v1/sessions?limit=1000');
  const shown = new Map(items.map((row) => [row.key, ours(row)]));
  // On protocol 3 an approval waits without a run, and only an event tells a reader of it.
  for (const key of waiting) if (shown.has(key)) shown.get(key).busy = listed.get(key)?.busy;
  const wrong = differencesOfSessions(listed, shown);
  const { items: agents } = await center.get('/api/v1/agents?limit=1000');
  for (const { id, status } of agents) {
    const busy = [...listed].some(([key, row]) => row.busy && key.startsWith(`agent:${id}:`));
    if ((busy ? ['idle', 'error'] : ['working', 'stalled']).includes(status)) wrong.push({ agent: id, status, busy });
  }
  return wrong;
}

/** Waits until there is no difference. Answers how long that took, in milliseconds, and what differed last. */
export async function untilAlike(center, operator, timeoutMs) {
  const begun = Date.now();
  let late = null;
  for (;;) {
    const wrong = await differences(center, operator);
    if (wrong.length === 0) return { took: Date.now() - begun, late };
    if (Date.now() - begun > timeoutMs) assert.deepEqual(wrong.slice(0, 5), []);
    [late] = wrong;
    await sleep(1000);
  }
}
