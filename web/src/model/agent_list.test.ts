import { describe, expect, it } from 'vitest';
import type { Agent } from '../api/client';
import { agent } from '../testing/rows';
import { agentKey } from './keys';
import { arrange, type AgentQuery, countByStatus } from './agent_list';

const fleet: Agent[] = [
  agent({ id: 'idle-b', name: 'Bea' }),
  agent({ id: 'idle-a', name: 'Ada', gateway: 'attic' }),
  agent({ id: 'old', name: 'Old error', reportedStatus: 'error', statusSince: 1_000 }),
  agent({ id: 'new', name: 'New error', reportedStatus: 'error', statusSince: 9_000 }),
  agent({ id: 'busy', name: 'Cy', reportedStatus: 'working', activeRuns: 3, lastActiveAt: null }),
];

function ids(over: Partial<AgentQuery> = {}, agents = fleet): string[] {
  const query: AgentQuery = {
    statuses: [],
    gateways: [],
    text: '',
    sort: '',
    group: 'none',
    ...over,
  };
  return arrange(
    new Map(agents.map((one) => [agentKey(one.gateway, one.id), one])),
    (one) => one.reportedStatus,
    query,
  ).map((item) =>
    item.kind === 'group'
      ? `[${item.label} ${String(item.count)}]`
      : (item.key.split('\0')[1] ?? ''),
  );
}

describe('arrange', () => {
  it('puts what hurts first, of that the newest, of the rest by name', () => {
    expect(ids()).toEqual(['new', 'old', 'busy', 'idle-a', 'idle-b']);
  });

  it('gives the same order whatever order rows come in', () => {
    expect(ids({}, fleet.toReversed())).toEqual(ids());
  });

  it('gives the same order however the list stood before', () => {
    const agents = new Map(fleet.map((one) => [agentKey(one.gateway, one.id), one]));
    const query: AgentQuery = { statuses: [], gateways: [], text: '', sort: '', group: 'none' };
    const order = arrange(agents, (one) => one.reportedStatus, query);
    const gone = { kind: 'row', key: 'studio\0gone' } as const;
    const before = [gone, ...order.toReversed().slice(1)];
    expect(arrange(agents, (one) => one.reportedStatus, query, before)).toEqual(order);
  });

  it('filters by any of some statuses, and by all fields together', () => {
    expect(ids({ statuses: ['error', 'working'] })).toEqual(['new', 'old', 'busy']);
    expect(ids({ statuses: ['idle'], gateways: ['attic'] })).toEqual(['idle-a']);
  });

  it('finds words anywhere, without regard to case, and all of them', () => {
    expect(ids({ text: 'ERROR' })).toEqual(['new', 'old']);
    expect(ids({ text: 'error old' })).toEqual(['old']);
    expect(ids({ text: 'nobody' })).toEqual([]);
  });

  it('looks for name:value in that field only', () => {
    expect(ids({ text: 'gateway:attic' })).toEqual(['idle-a']);
    expect(ids({ text: 'status:working,error name:c' })).toEqual(['busy']);
    expect(ids({ text: 'constructor:x' })).toEqual([]);
  });

  it('counts by status what the other filters leave', () => {
    const agents = new Map(fleet.map((one) => [agentKey(one.gateway, one.id), one]));
    const query: AgentQuery = {
      statuses: ['idle'],
      gateways: [],
      text: 'error',
      sort: '',
      group: 'none',
    };
    const counts = countByStatus(agents, (one) => one.reportedStatus, query);
    expect(counts).toMatchObject({ error: 2, idle: 0, working: 0 });
  });

  it('puts pinned agents on top, in the same order, under a heading', () => {
    const pinned = new Set([agentKey('studio', 'idle-b'), agentKey('studio', 'old'), 'gone']);
    expect(ids({ pinned })).toEqual([
      '[pinned 2]',
      'old',
      'idle-b',
      '[others 3]',
      'new',
      'busy',
      'idle-a',
    ]);
    expect(ids({ pinned: new Set(['gone']) })).toEqual(ids());
  });

  it('sorts both ways, with what is not known last', () => {
    expect(ids({ sort: '-activeRuns' })[0]).toBe('busy');
    expect(ids({ sort: 'lastActiveAt' }).at(-1)).toBe('busy');
    expect(ids({ sort: '-lastActiveAt' }).at(-1)).toBe('busy');
    expect(ids({ sort: 'constructor' })).toEqual(ids());
  });

  it('groups under headings with counts, statuses by severity', () => {
    expect(ids({ group: 'status' })).toEqual([
      '[error 2]',
      'new',
      'old',
      '[working 1]',
      'busy',
      '[idle 2]',
      'idle-a',
      'idle-b',
    ]);
    expect(ids({ group: 'gateway' }).filter((id) => id.startsWith('['))).toEqual([
      '[attic 1]',
      '[studio 4]',
    ]);
  });
});
