import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../api/client';
import { agent, entry, gateway, session } from '../testing/rows';
import { Narrator } from './narrator';
import { type Names, textOf } from './sentence';

const names: Names = {
  agent: (_, id) => (id === 'otto' ? 'Otto' : id),
  isShared: (name) => name === 'Main',
  session: () => null,
};
const at = 60_000;
const tell = (...entries: Partial<ChangeSet>[]) => {
  const narrator = new Narrator(names);
  return entries.map((over, index) => narrator.tell(entry({ seq: index + 1, at, ...over })));
};
const one = (over: Partial<ChangeSet>) => {
  const [told] = tell(over);
  if (!told) throw new Error('nothing was told');
  return told;
};
const running = session({ status: 'running', startedAt: 15_000, updatedAt: 15_001, endedAt: null });

describe('Narrator, of runs', () => {
  it('tells that a run started, and of what', () => {
    const told = one({ cause: 'sessions.changed', sessions: { upsert: [running] } });
    expect(textOf(told)).toBe('Otto started');
    expect(told).toMatchObject({
      mark: 'working',
      detail: 'Draft the release notes · telegram',
      subject: { kind: 'session', gateway: 'studio', key: 'agent:otto:main' },
      minor: false,
      problem: false,
    });
  });

  it('tells how a run ended, how long it took and what it used', () => {
    const done = one({ cause: 'sessions.changed', sessions: { upsert: [session()] } });
    expect(textOf(done)).toBe('Otto finished in 14 s');
    expect(done.detail).toBe('Draft the release notes · telegram · 1.2K → 380 tokens · $0.012');
    const unpriced = session({ costUsd: null });
    const free = one({ cause: 'sessions.changed', sessions: { upsert: [unpriced] } });
    expect(free.detail).toContain('cost unknown');
  });

  it('tells a failure with its reason, and calls it a problem', () => {
    const told = one({
      cause: 'sessions.changed',
      sessions: { upsert: [session({ status: 'timeout' })] },
      agents: { upsert: [agent({ reportedStatus: 'error', statusReason: 'exit 137' })] },
    });
    expect(textOf(told)).toBe('Otto timed out after 14 s');
    expect(told).toMatchObject({ mark: 'error', problem: true, minor: false });
    expect(told.detail).toBe('exit 137 · Draft the release notes · telegram');
  });

  it('does not tell an end again when the row changes later, or its figures come', () => {
    const late = session({ updatedAt: 900_000 });
    expect(one({ cause: 'sessions.changed', sessions: { upsert: [late] } })).toMatchObject({
      text: '· session changed',
      minor: true,
    });
    const ended: Partial<ChangeSet> = {
      cause: 'sessions.changed',
      sessions: { upsert: [session()] },
    };
    const figures = session({ updatedAt: 15_900, inputTokens: 9_000 });
    const [first, second] = tell(ended, { ...ended, sessions: { upsert: [figures] } });
    expect(first?.minor).toBe(false);
    expect(second).toMatchObject({ text: '· session changed', minor: true });
  });

  it('tells several failures of one entry', () => {
    const upsert = ['a', 'b'].map((agentId) =>
      session({ key: `agent:${agentId}:main`, agentId, status: 'failed' }),
    );
    expect(one({ cause: 'sessions.changed', sessions: { upsert } })).toMatchObject({
      mark: 'error',
      who: '2 runs',
      text: 'failed',
      detail: 'a, b',
      problem: true,
    });
  });
});

describe('Narrator, of statuses', () => {
  const inStatus = (
    reportedStatus: 'waiting' | 'stalled' | 'error' | 'working' | 'idle',
    since = at,
  ) => agent({ reportedStatus, statusSince: since, statusReason: 'exit 137', activeRuns: 1 });

  it('says why an agent waits, stalls or failed, in its own words', () => {
    for (const [status, text] of [
      ['waiting', 'Otto needs approval'],
      ['stalled', 'Otto stalled'],
      ['error', 'Otto is in error'],
    ] as const) {
      const told = one({ agents: { upsert: [inStatus(status)] } });
      expect(textOf(told)).toBe(text);
      expect(told).toMatchObject({ mark: status, detail: 'exit 137', minor: false, problem: true });
    }
  });

  it('does not tell a status again that did not change: another run began or ended', () => {
    const old = { agents: { upsert: [inStatus('waiting', 1_000)] } };
    expect(one(old)).toMatchObject({
      text: 'still needs approval',
      minor: true,
      problem: false,
    });
    const [first, second] = tell(
      { agents: { upsert: [inStatus('stalled')] } },
      { agents: { upsert: [{ ...inStatus('stalled'), activeRuns: 2 }] } },
    );
    expect([first?.problem, second?.problem]).toEqual([true, false]);
  });

  it('tells all agents that stall at once, with their names and the worst mark', () => {
    const upsert = ['Harbor', 'Juniper'].map((id) => ({ ...inStatus('stalled'), id, name: id }));
    const told = one({ cause: 'stall', agents: { upsert } });
    expect(told).toMatchObject({
      mark: 'stalled',
      who: '2 agents',
      text: 'stalled',
      where: 'studio',
      detail: 'Harbor, Juniper',
      minor: false,
      problem: true,
    });
  });

  it('tells that a trouble is over, once', () => {
    const texts = (...statuses: Parameters<typeof inStatus>[0][]) =>
      tell(
        ...statuses.map((status, index) => ({
          at: at + index,
          agents: { upsert: [inStatus(status, at + index)] },
        })),
      ).map(({ text, problem }) => (problem ? text : '-'));
    expect(texts('error', 'working', 'idle', 'working', 'idle')).toEqual([
      'is in error',
      '-',
      'recovered',
      '-',
      '-',
    ]);
    expect(texts('stalled', 'working')[1]).toBe('resumed');
    expect(texts('waiting', 'working')[1]).toBe('resumed');
    expect(texts('working', 'idle')).toEqual(['-', '-']);
  });

  it('tells a recovery that comes with the end of the run', () => {
    const broken = { agents: { upsert: [inStatus('error')] } };
    const well: Partial<ChangeSet> = {
      cause: 'sessions.changed',
      at: at + 1,
      sessions: { upsert: [session()] },
      agents: { upsert: [inStatus('idle', at + 1)] },
    };
    expect(tell(broken, well)[1]).toMatchObject({
      text: 'recovered',
      problem: true,
      subject: { kind: 'session' },
    });
  });

  it('says which gateway, where a name is not unique', () => {
    const row = agent({ name: 'Main', reportedStatus: 'stalled', statusSince: at });
    expect(textOf(one({ agents: { upsert: [row] } }))).toBe('Main · studio stalled');
  });

  it('keeps text as it is: markup stays text', () => {
    const statusReason = '<img src=x onerror=alert(1)>';
    const row = agent({ reportedStatus: 'error', statusSince: at, statusReason });
    expect(one({ agents: { upsert: [row] } }).detail).toBe(statusReason);
  });
});

describe('Narrator, of gateways', () => {
  it('tells how a connection stands, and what stays as it was is no news', () => {
    const row = gateway({ state: 'blocked', source: null, detail: 'Approve this device.' });
    const lost: Partial<ChangeSet> = { cause: 'connection', gateways: { upsert: [row] } };
    const [first, second] = tell(lost, lost);
    expect(first).toMatchObject({
      mark: 'error',
      who: 'studio',
      text: 'refuses the connection',
      detail: 'Approve this device.',
      problem: true,
    });
    expect(second).toMatchObject({ minor: true, problem: false });
    const meanwhile = gateway({ state: 'blocked', source: 'rest' });
    expect(textOf(one({ cause: 'poll', gateways: { upsert: [meanwhile] } }))).toBe(
      'studio refuses the connection, polled over REST meanwhile',
    );
    expect(textOf(one({ cause: 'gap', gateways: { upsert: [gateway({ gaps: 1 })] } }))).toBe(
      'studio lost some events',
    );
  });

  it('takes a gateway that is reached for the end of a problem only where it was lost', () => {
    const stands = (state: 'live' | 'offline'): Partial<ChangeSet> => ({
      cause: 'connection',
      gateways: { upsert: [gateway({ state })] },
    });
    const told = tell(stands('live'), stands('offline'), stands('live'));
    expect(told.map(({ problem }) => problem)).toEqual([false, true, true]);
  });

  it('sums up what is too much for a sentence', () => {
    const upsert = [session({ updatedAt: 1 }), session({ key: 'b', updatedAt: 1 })];
    const told = one({ cause: 'sessions.changed', sessions: { upsert } });
    expect(textOf(told)).toBe('2 sessions · studio changed');
    expect(told.minor).toBe(true);
    expect(
      textOf(one({ cause: 'initial-sync', agents: { upsert: [agent()] }, part: 1, parts: 3 })),
    ).toBe('studio was read');
  });

  it('has a sentence for every cause, with and without rows', () => {
    const causes = [
      'initial-sync',
      'resync',
      'poll',
      'sessions.changed',
      'agent.run',
      'presence',
      'agent.config',
      'approval',
      'stall',
      'connection',
      'gap',
      'configuration',
    ] as const;
    for (const cause of causes) {
      expect(textOf(one({ cause }))).not.toBe('');
      expect(textOf(one({ cause, agents: { upsert: [agent()] } }))).not.toContain('undefined');
    }
  });

  it('calls a deleted session by its title and its agent', () => {
    const remove = [{ gateway: 'studio', key: 'agent:otto:main' }];
    const [, gone] = tell(
      { cause: 'sessions.changed', sessions: { upsert: [session()] } },
      { cause: 'sessions.changed', sessions: { remove } },
    );
    expect(gone).toMatchObject({
      who: 'Otto',
      text: '· session deleted',
      detail: 'Draft the release notes',
    });
  });

  it('tells that a session was deleted, also where its agent changes by that', () => {
    const told = one({
      cause: 'sessions.changed',
      agents: { upsert: [agent({ sessions: 1 })] },
      sessions: { remove: [{ gateway: 'studio', key: 'agent:otto:main' }] },
    });
    expect(told.text).toBe('· session deleted');
  });
});
