import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChangeSet } from '../api/client';
import { FleetCopy } from '../live/fleet.svelte';
import type { Delivery } from '../live/protocol';
import { agent, entry, gateway, snapshot } from '../testing/rows';
import { History, type Start } from './history.svelte';
import { type Filter, scopeOf, scopeOfConcern } from './scope';

const epoch = 'k3f9x2ab';
const cursor = (seq: number) => `${epoch}-${String(seq)}`;
const fleet = new FleetCopy();
const names = {
  agent: (_: string, id: string) => id,
  isShared: () => false,
  session: () => null,
};
const noFilter: Filter = { kinds: [], gateways: [], agent: null, problems: false, text: '' };
const everything = scopeOf(noFilter, names);

/** What the server keeps: entries 1 to `newest`, one a second. */
let newest = 0;
let asked: URLSearchParams[] = [];
let broken = false;

const stored = (seq: number): ChangeSet => entry({ seq, at: seq * 1_000 });

function fromMoment(at: number, limit: number): [number, number] {
  const from = Math.min(newest + 1, Math.ceil(at / 1_000));
  return [from, from + limit - 1];
}

function answer(url: string): Response {
  const query = new URL(url, 'http://localhost').searchParams;
  asked.push(query);
  if (broken) return new Response('{}', { status: 503 });
  const limit = Number(query.get('limit'));
  const number = (name: string) => Number(/\d+$/.exec(query.get(name) ?? '')?.[0]);
  const [from, to] = query.has('before')
    ? [Math.max(1, number('before') - limit), number('before') - 1]
    : query.has('at')
      ? fromMoment(number('at'), limit)
      : [number('after') + 1, number('after') + limit];
  const events: ChangeSet[] = [];
  for (let seq = from; seq <= Math.min(to, newest); seq += 1) events.push(stored(seq));
  const last = events.at(-1)?.seq ?? from - 1;
  const before = query.has('after') ? undefined : from > 1 ? cursor(from) : null;
  return Response.json({ events, cursor: cursor(last), before });
}

const delivery = (over: Partial<Delivery>): Delivery => ({
  connection: { state: 'live', since: 0, retryAt: null, reason: null },
  cursor: null,
  asOf: null,
  everything: null,
  entries: [],
  missedEntries: 0,
  ahead: null,
  ...over,
});

/** The server commits entries and the stream brings them. */
function happen(count: number): void {
  const entries = Array.from({ length: count }, (_, index) => stored(newest + 1 + index));
  newest += count;
  fleet.apply(delivery({ entries, cursor: cursor(newest) }));
}

/** The page loads, with so many entries in the journal already. */
function load(count: number): void {
  newest = count;
  const { gateways, agents } = snapshot();
  fleet.recent = [];
  fleet.apply(delivery({ everything: { gateways, agents }, cursor: cursor(count) }));
}

const stops: (() => void)[] = [];
async function follow(start: Start = { from: 'newest' }, scope = everything): Promise<History> {
  const history = new History(fleet, scope, start);
  stops.push(history.follow());
  await vi.waitFor(() => {
    expect(history.loading).toBe(false);
  });
  await new Promise((resolve) => setTimeout(resolve));
  return history;
}

const span = (history: History) => [history.entries[0]?.seq, history.entries.at(-1)?.seq];
function hasNoHole(history: History): void {
  const seqs = history.entries.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
}

beforeEach(() => {
  asked = [];
  broken = false;
  vi.stubGlobal('fetch', (url: string) => Promise.resolve(answer(url)));
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.unstubAllGlobals();
});

it('begins at the newest entry and goes on by itself', async () => {
  load(250);
  const history = await follow();
  expect(span(history)).toEqual([151, 250]);
  happen(3);
  expect(span(history)).toEqual([151, 253]);
  await history.older();
  await history.older();
  expect(span(history)).toEqual([1, 253]);
  expect(history.more).toBe(false);
  hasNoHole(history);
});

it('adds nothing while it is held, counts what waits, and shows it afterwards', async () => {
  load(10);
  const history = await follow();
  history.hold(true);
  happen(2);
  happen(35);
  expect(history.waiting).toBe(37);
  expect(span(history)).toEqual([1, 10]);
  history.hold(false);
  expect(history.waiting).toBe(0);
  expect(span(history)).toEqual([1, 47]);
  hasNoHole(history);
});

it('bounds what waits, and then reads the rest again where somebody goes there', async () => {
  load(10);
  const history = await follow();
  history.hold(true);
  for (let i = 0; i < 30; i += 1) happen(100);
  expect(history.waiting).toBe(3_000);
  history.hold(false);
  expect(span(history)).toEqual([1_011, 3_010]);
  await history.older();
  expect(span(history)).toEqual([911, 3_010]);
  hasNoHole(history);
});

it('shows an entry among its neighbours, and joins the stream where its newer end is reached', async () => {
  load(500);
  const history = await follow({ from: 'cursor', cursor: cursor(300) });
  expect(history.marked).toBe(300);
  expect(history.live).toBe(false);
  happen(5);
  await history.newer();
  await history.newer();
  expect(history.live).toBe(true);
  happen(2);
  expect(span(history)).toEqual([201, 507]);
  hasNoHole(history);
});

it('shows a moment with what was before it', async () => {
  load(500);
  const history = await follow({ from: 'moment', at: 249_500 });
  expect(history.marked).toBe(250);
  expect(span(history)).toEqual([150, 349]);
  hasNoHole(history);
});

it('is live at once where nothing happened since the moment', async () => {
  load(20);
  const history = await follow({ from: 'moment', at: 999_000 });
  expect(history.live).toBe(true);
  happen(1);
  expect(history.entries.at(-1)?.seq).toBe(21);
});

it('keeps what it shows until it has begun anew after a reset', async () => {
  load(5);
  const history = await follow();
  broken = true;
  load(7);
  await vi.waitFor(() => {
    expect(history.failure?.status).toBe(503);
  });
  expect(span(history)).toEqual([1, 5]);
  broken = false;
  history.retry();
  await vi.waitFor(() => {
    expect(span(history)).toEqual([1, 7]);
  });
});

it('asks the server for its scope, and holds the stream to the same', async () => {
  load(0);
  const scope = scopeOf(
    {
      ...noFilter,
      kinds: ['agent.update', 'fleet.update'],
      gateways: ['studio'],
      agent: { gateway: 'studio', id: 'a/b' },
    },
    names,
  );
  const history = await follow({ from: 'newest' }, scope);
  expect(Object.fromEntries(asked.find((query) => query.has('types')) ?? [])).toMatchObject({
    types: 'agent.update,fleet.update,approval.update',
    gateway: 'studio',
    agent: 'studio/a/b',
  });
  happen(3);
  expect(history.entries).toEqual([]);
});

it('leaves out of pages what the server cannot: what is no problem, or is not searched for', () => {
  const problem = entry({
    seq: 1,
    agents: { upsert: [agent({ id: 'a', reportedStatus: 'error', statusSince: 60_000 })] },
  });
  const idle = entry({ seq: 2, agents: { upsert: [agent({ id: 'b' })] } });
  const problems = scopeOf({ ...noFilter, problems: true }, names);
  expect(problems.sift?.([problem, idle])).toEqual([problem]);
  expect([problem, idle].filter(problems.holds)).toEqual([problem]);
  const found = scopeOf({ ...noFilter, text: 'B idle' }, names);
  expect(found.sift?.([problem, idle])).toEqual([idle]);
  expect(everything.sift).toBeUndefined();
});

it('counts the sync that tells how a gateway stands among its connections', () => {
  const scope = scopeOf({ ...noFilter, kinds: ['gateway.update'] }, names);
  expect(scope.query['types']).toBe('gateway.update,fleet.update');
  const live = entry({ cause: 'initial-sync', gateways: { upsert: [gateway()] } });
  const rows = entry({ cause: 'initial-sync', agents: { upsert: [agent()] } });
  expect(scope.sift?.([live, rows])).toEqual([live]);
});

it('knows what concerns one session', () => {
  const scope = scopeOfConcern({ kind: 'session', gateway: 'studio', key: 'k' });
  expect(scope.query).toEqual({ session: 'studio/k' });
  const removal = { remove: [{ gateway: 'studio', key: 'k' }] };
  expect(scope.holds(entry({ sessions: removal }))).toBe(true);
  expect(scope.holds(entry())).toBe(false);
});

it('begins once where it is told to begin anew before it began', async () => {
  load(150);
  const history = new History(fleet, everything);
  stops.push(history.follow());
  happen(3);
  load(160);
  happen(2);
  await vi.waitFor(() => {
    expect(span(history)).toEqual([61, 162]);
  });
  hasNoHole(history);
});
