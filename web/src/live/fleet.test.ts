import { describe, expect, it, vi } from 'vitest';
import { agent, entry, gateway } from '../testing/rows';
import type { Delivery } from './protocol';

// The line to the worker is the browser's; here deliveries are made by hand.
vi.mock('./connect', () => ({ connect: () => ({ say: () => undefined }) }));
const { FleetCopy } = await import('./fleet.svelte');

const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  connection: { state: 'live', since: 0, retryAt: null, reason: null },
  cursor: 'k3f9x2ab-10',
  asOf: null,
  everything: null,
  entries: [],
  missedEntries: 0,
  ahead: null,
  ...over,
});

function loaded() {
  const fleet = new FleetCopy();
  const agents = [
    agent({ id: 'a', sessions: 2 }),
    agent({ id: 'b', sessions: 3, reportedStatus: 'error' }),
    agent({ id: 'c', gateway: 'attic', sessions: 5 }),
  ];
  fleet.apply(
    delivery({ everything: { gateways: [gateway(), gateway({ name: 'attic' })], agents } }),
  );
  return fleet;
}

/** Counts as they would be without any cleverness. */
function recount(fleet: InstanceType<typeof FleetCopy>) {
  const counts: Record<string, number> = {};
  let sessions = 0;
  for (const one of fleet.agents.values()) {
    counts[fleet.status(one)] = (counts[fleet.status(one)] ?? 0) + 1;
    sessions += one.sessions;
  }
  return { counts, sessions };
}

function expectCounted(fleet: InstanceType<typeof FleetCopy>) {
  const { counts, sessions } = recount(fleet);
  const told = Object.fromEntries(Object.entries(fleet.counts).filter(([, n]) => n !== 0));
  expect(told).toEqual(counts);
  expect(fleet.sessionCount).toBe(sessions);
}

describe('FleetCopy', () => {
  it('counts what the snapshot brought', () => {
    const fleet = loaded();
    expect(fleet.counts).toMatchObject({ idle: 2, error: 1 });
    expect(fleet.sessionCount).toBe(10);
  });

  it('counts on as agents change, come and go', () => {
    const fleet = loaded();
    const steps = [
      { upsert: [agent({ id: 'a', reportedStatus: 'working', sessions: 4 })] },
      { upsert: [agent({ id: 'new', reportedStatus: 'stalled', sessions: 1 })] },
      {
        remove: [
          { gateway: 'studio', id: 'b' },
          { gateway: 'studio', id: 'nobody' },
        ],
      },
    ];
    for (const [index, agents] of steps.entries()) {
      fleet.apply(delivery({ entries: [entry({ seq: 11 + index, agents })] }));
      expectCounted(fleet);
    }
    expect(fleet.counts).toMatchObject({ working: 1, stalled: 1, error: 0, idle: 1 });
  });

  it('takes all agents of a lost gateway for unknown, and back', () => {
    const fleet = loaded();
    const attic = (state: 'offline' | 'live', seq: number) =>
      entry({
        seq,
        gateway: 'attic',
        cause: 'connection',
        gateways: { upsert: [gateway({ name: 'attic', state })] },
      });
    fleet.apply(delivery({ entries: [attic('offline', 11)] }));
    expect(fleet.counts).toMatchObject({ unknown: 1, idle: 1, error: 1 });
    fleet.apply(delivery({ entries: [attic('live', 12)] }));
    expect(fleet.counts).toMatchObject({ unknown: 0, idle: 2, error: 1 });
  });

  it('keeps what it shows when the line is lost or the session ends', () => {
    const fleet = loaded();
    const connection = { state: 'signed-out', since: 5, retryAt: null, reason: null } as const;
    fleet.apply(delivery({ connection, cursor: null }));
    expect([fleet.loaded, fleet.agents.size, fleet.cursor]).toEqual([true, 3, 'k3f9x2ab-10']);
  });

  it('forgets when somebody signed out', () => {
    const fleet = loaded();
    fleet.apply(delivery({ cursor: null, everything: { gateways: [], agents: [] } }));
    expect([fleet.loaded, fleet.agents.size, fleet.recent.length]).toEqual([false, 0, 0]);
  });

  it('tells listeners the sum of a frame, and nothing of it where everything counts anew', () => {
    const fleet = loaded();
    const heard: (number | null)[] = [];
    const stop = fleet.listen(({ changes }) => heard.push(changes ? changes.agents.size : null));
    const touch = (seq: number) => entry({ seq, agents: { upsert: [agent({ id: 'a' })] } });
    fleet.apply(delivery({ entries: [touch(11), touch(12)] }));
    fleet.apply(delivery({ everything: { gateways: [], agents: [] } }));
    stop();
    fleet.apply(delivery({ entries: [touch(13)] }));
    expect(heard).toEqual([1, null]);
  });
});
