// What can be told to a real gateway: every kind once, and what people do with approvals. Each check says in its name what a
// user would see.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { check } from '../../support/checks.mjs';
import { ControlCenter, sleep, until } from '../../support/control_center.mjs';
import { Gateway, TOKEN, remoteProxy } from './gateway.mjs';

const HALF_A_MINUTE = 30_000;
const LONG = 180_000;
const ADMIN = { CONTROL_CENTER_GATEWAY_ACCESS: 'admin' };
const CAPS = { caps: ['exec-approvals', 'approvals'], approvals: true };
const isQuestion = (kind) => kind.startsWith('question.');

const serve = (url, env = ADMIN, options = {}) =>
  ControlCenter.start({ WS_GATEWAY_URL: url, GATEWAY_URL: 'off', OPENCLAW_GATEWAY_TOKEN: TOKEN, ...env }, options);
const live = (center) => center.until('the gateway is live', 'gateway', 'default', (row) => row?.state === 'live', LONG);

async function post(center, body, wait = 30) {
  const answer = await fetch(`${center.url}/api/v1/commands`, {
    method: 'POST', body: JSON.stringify({ gateway: 'default', ...body }),
    headers: { authorization: `Bearer ${center.token}`, 'content-type': 'application/json', prefer: `wait=${wait}` },
  });
  return { status: answer.status, row: await answer.json() };
}

/** Tells it, and waits for its end, which must be this one. */
async function tell(center, kind, target, params = {}, status = 'done') {
  const told = await post(center, { kind, target, params });
  const row = told.status === 202 ? await ended(center, told.row.id) : told.row;
  assert.equal(row.status, status, `${kind}: ${JSON.stringify(row)}`);
  return row;
}
const ended = (center, id) => until('it has ended', async () => {
  const row = await center.get(`/api/v1/commands/${id}`);
  return row.endedAt ? row : null;
}, LONG, center);

const pendingOf = (center, test) => until('somebody is asked', async () =>
  (await center.get('/api/v1/approvals?status=pending')).items.find(test), LONG, center);
const approval = (center, id) => center.get(`/api/v1/approvals/default/${encodeURIComponent(id)}`);
const becomes = (center, id, status) => until(`the approval is ${status}`, async () => {
  const row = await approval(center, id);
  return row.status === status ? row : null;
}, 90_000, center);

/** An agent wants to run this. */
async function ask(center, operator, session, command) {
  await operator.say(session, `Run something [[exec:${command}]]`);
  return pendingOf(center, (row) => row.command === command);
}

async function sessions(center, label) {
  await check(`${label} sessions: made, renamed, emptied, shortened and deleted`, async () => {
    const made = await tell(center, 'session.create', { agentId: 'otto' }, { label: 'Made here' });
    const target = { sessionKey: made.result.key };
    await center.until('it is there', 'sessions', target.sessionKey, (row) => row !== null);
    await tell(center, 'session.patch', target, { label: 'Renamed', thinkingLevel: 'off' });
    await center.until('it is renamed', 'sessions', target.sessionKey, (row) => row?.title === 'Renamed');
    await tell(center, 'session.reset', target);
    const shortened = await post(center, { kind: 'session.compact', target });
    assert.ok(['done', 'refused'].includes((await ended(center, shortened.row.id)).status), 'there is nothing to shorten');
    await tell(center, 'session.delete', target);
    await center.until('it is gone', 'sessions', target.sessionKey, (row) => row === null);
  });
}

async function agents(center, label, gateway) {
  await check(`${label} agents: made, renamed and deleted`, async () => {
    await tell(center, 'agent.create', {}, { name: 'Newcomer', workspace: join(gateway.state, 'workspace-newcomer') });
    await center.until('it is there', 'agents', 'newcomer', (row) => row !== null, 90_000);
    await tell(center, 'agent.update', { agentId: 'newcomer' }, { name: 'Old Hand' });
    await center.until('it is renamed', 'agents', 'newcomer', (row) => row?.name === 'Old Hand', 90_000);
    await tell(center, 'agent.delete', { agentId: 'newcomer' });
    await center.until('it is gone', 'agents', 'newcomer', (row) => row === null, 90_000);
    await tell(center, 'agent.delete', { agentId: 'main' }, {}, 'refused');
  });
}

async function conversation(center, label) {
  const session = 'agent:otto:chat';
  const read = async () => (await center.get(`/api/v1/sessions/default/${encodeURIComponent(session)}/messages`)).items;
  const said = (items) => items.flatMap(({ role, parts }) => parts.filter(({ type }) => type === 'text').map(({ text }) => `${role}: ${text}`));
  await check(`${label} conversation: a message is sent, and its answer is read`, async () => {
    const made = await tell(center, 'session.create', { agentId: 'otto' }, { key: 'chat' });
    assert.equal(made.result.key, session);
    await center.until('the session is there', 'sessions', session, (row) => row !== null);
    await tell(center, 'session.send', { sessionKey: session }, { text: 'How are you? [[say:very well]]' });
    const all = await until('the answer', async () => {
      const texts = said(await read());
      return texts.some((text) => text.startsWith('assistant: very well')) ? texts : null;
    }, 90_000, center);
    assert.ok(all.some((text) => text.startsWith('user: ') && text.includes('How are you?')));
  });

  await check(`${label} stop: a run is stopped by its session, and by its agent`, async () => {
    for (const [kind, target] of [['session.abort', { sessionKey: session }], ['stop', { agentId: 'otto' }]]) {
      await tell(center, 'session.send', { sessionKey: session }, { text: 'long [[chunks:60]] [[chunk:900]]' });
      await center.until('otto works', 'agents', 'otto', (row) => row?.status === 'working', 90_000);
      await sleep(3000);
      await tell(center, kind, target);
      await center.until('otto is idle', 'agents', 'otto', (row) => row?.status === 'idle', 90_000);
    }
  });
}

async function approvals(center, label, operator) {
  await check(`${label} approvals: allowed, and the run goes on`, async () => {
    const asked = await ask(center, operator, 'agent:main:ops', 'echo allowed');
    assert.deepEqual([asked.kind, asked.agentId, asked.sessionKey, asked.decisions.includes('deny')], ['exec', 'main', 'agent:main:ops', true]);
    await tell(center, 'approval.decide', { approvalId: asked.id }, { decision: 'allow-once' });
    const row = await becomes(center, asked.id, 'allowed');
    assert.deepEqual([row.decision, row.decidedBy], ['allow-once', 'admin']);
    await center.until('main is idle', 'agents', 'main', (agent) => agent?.status === 'idle', LONG);
  });

  await check(`${label} approvals: denied, and the second who decides is told`, async () => {
    const asked = await ask(center, operator, 'agent:main:ops', 'echo denied');
    await tell(center, 'approval.decide', { approvalId: asked.id }, { decision: 'deny' });
    assert.equal((await becomes(center, asked.id, 'denied')).decidedBy, 'admin');
    const late = await post(center, { kind: 'approval.decide', target: { approvalId: asked.id }, params: { decision: 'allow-once' } });
    assert.equal(late.status, 409);
    assert.equal(late.row.row.decidedBy, 'admin');
    await center.until('main is idle', 'agents', 'main', (agent) => agent?.status === 'idle', LONG);
  });

  await check(`${label} approvals: what somebody else decides is seen`, async () => {
    const asked = await ask(center, operator, 'agent:main:ops', 'echo race');
    await operator.call('exec.approval.resolve', { id: asked.id, decision: 'deny' });
    const row = await becomes(center, asked.id, 'denied');
    assert.notEqual(row.decidedBy, 'admin');
    await center.until('main is idle', 'agents', 'main', (agent) => agent?.status === 'idle', LONG);
  });

  await check(`${label} approvals: one that expires is expired`, async () => {
    const { id } = await operator.call('exec.approval.request', { command: 'echo too late', twoPhase: true, timeoutMs: 4000 });
    await pendingOf(center, (row) => row.id === id);
    await becomes(center, id, 'expired');
  });
}

async function questions(center, label, operator) {
  const askFor = (text) => operator.call('question.request', {
    agentId: 'main', sessionKey: 'agent:main:ops', timeoutMs: 300_000,
    questions: [{ questionId: 'where', header: 'Where', question: text, options: [{ label: 'here' }, { label: 'there' }] }],
  });
  await check(`${label} questions: one is answered, and one is not`, async () => {
    const { id } = await askFor('Where to?');
    const asked = await pendingOf(center, (row) => row.id === id);
    assert.deepEqual([asked.kind, asked.questions[0].text], ['question', 'Where to?']);
    const swallowed = await post(center, { kind: 'session.send', target: { sessionKey: 'agent:main:ops' }, params: { text: 'there' } });
    assert.equal(swallowed.status, 409);
    await tell(center, 'question.answer', { approvalId: id }, { answers: { where: ['here'] } });
    await becomes(center, id, 'answered');
    const next = await askFor('And then?');
    await pendingOf(center, (row) => row.id === next.id);
    await tell(center, 'question.cancel', { approvalId: next.id });
    await becomes(center, next.id, 'cancelled');
  });
}

async function jobs(center, label) {
  await check(`${label} jobs: made, run, seen in the history, paused and deleted`, async () => {
    const made = await tell(center, 'cron.create', {}, {
      name: 'Nightly', agentId: 'otto', schedule: { kind: 'every', everyMs: 86_400_000 },
      payload: { kind: 'agentTurn', message: 'Do it [[chunks:1]]' },
    });
    const target = { jobId: made.result.id };
    await center.until('it is there', 'cron', target.jobId, (row) => row?.name === 'Nightly' && row.enabled);
    await tell(center, 'cron.run', target);
    const path = `/api/v1/cron/default/${encodeURIComponent(target.jobId)}/runs`;
    const runs = await until('its run', async () => (await center.get(path)).items.find(({ status }) => status), LONG, center);
    assert.equal(runs.status, 'ok', JSON.stringify(runs));
    await tell(center, 'cron.update', target, { patch: { enabled: false } });
    await center.until('it is paused', 'cron', target.jobId, (row) => row?.enabled === false);
    await tell(center, 'cron.delete', target);
    await center.until('it is gone', 'cron', target.jobId, (row) => row === null);
  });
}

async function devices(center, label, gateway) {
  const proxy = await remoteProxy(gateway.port);
  const knock = (dir) => serve(`ws://127.0.0.1:${proxy.port}/`, {}, dir ? { dir } : {});
  const waiting = () => until('a device waits', async () =>
    (await center.get('/api/v1/devices?gateway=default')).items.find(({ state }) => state === 'pending'), 90_000, center);
  const guests = [];
  try {
    await check(`${label} devices: one is turned away, one is let in and thrown out again`, async () => {
      guests.push(await knock());
      await tell(center, 'device.reject', { requestId: (await waiting()).requestId });
      guests[0].process.kill('SIGKILL');
      guests.push(await knock());
      const request = await waiting();
      await tell(center, 'device.approve', { requestId: request.requestId });
      await live(guests[1]);
      await tell(center, 'device.remove', { deviceId: request.deviceId });
      await guests[1].until('it is out', 'gateway', 'default', (row) => row?.state !== 'live', 90_000);
    });
  } finally {
    for (const guest of guests) guest.process.kill('SIGKILL');
    proxy.close();
  }
}

/** What waits is known again after a restart of ours, and is over after one of the gateway. */
async function restarts(center, label, gateway, operator, protocol) {
  await check(`${label} approvals: one that waits outlives a restart of ours, not one of the gateway`, async () => {
    const asked = await ask(center, operator, 'agent:main:ops', 'echo patience');
    const { dir } = center;
    center.process.kill('SIGKILL');
    await center.exited;
    const again = await serve(gateway.url, ADMIN, { dir });
    await live(again);
    assert.equal((await approval(again, asked.id)).status, 'pending');
    gateway.kill();
    await again.until('away', 'gateway', 'default', (row) => row.state !== 'live', 90_000);
    await gateway.start();
    await live(again);
    const row = await until('it is over', async () => {
      const now = await approval(again, asked.id);
      return now.status === 'pending' ? null : now;
    }, HALF_A_MINUTE, again);
    assert.equal(row.status, 'cancelled', `protocol ${protocol}`);
    await again.stop();
  });
}

export async function onCommands({ version, protocol }) {
  const label = `${version}:`;
  // Where a proxy that is not known is told to be one, who comes through it is a stranger.
  const extra = protocol === 3 ? {} : { gateway: { trustedProxies: ['127.0.0.1'] } };
  const gateway = await Gateway.make(version, extra);
  const operator = await gateway.operator(CAPS);
  const center = await serve(gateway.url);
  try {
    await check(`${label} access: with admin, all that the protocol has can be told`, async () => {
      const row = await live(center);
      const { properties } = (await center.get('/api/openapi.json')).paths['/api/v1/commands'].post.requestBody.content['application/json'].schema;
      const kinds = Object.keys(properties.kind['x-roles']).filter((kind) => protocol >= 4 || !isQuestion(kind));
      assert.deepEqual([...row.can].sort(), kinds.sort());
      assert.deepEqual([row.access, row.detail], ['admin', null]);
    });
    await check(`${label} access: with read, nothing is told, and the answer names the setting`, async () => {
      const reader = await serve(gateway.url, {});
      await live(reader);
      const told = await post(reader, { kind: 'stop' });
      assert.equal(told.status, 409);
      assert.match(told.row.detail, /CONTROL_CENTER_GATEWAY_ACCESS/);
      await reader.stop();
    });
    await sessions(center, label);
    await conversation(center, label);
    await approvals(center, label, operator);
    if (protocol >= 4) await questions(center, label, operator);
    await jobs(center, label);
    await agents(center, label, gateway);
    await devices(center, label, gateway);
    await restarts(center, label, gateway, operator, protocol);
  } finally {
    operator.close();
    center.process.kill('SIGKILL');
    gateway.remove();
  }
}
