import { describe, expect, it } from 'vitest';
import { agent, entry, gateway, session } from '../testing/rows';
import { sentenceOf } from './sentence';

const nameOf = (_: string, id: string) => (id === 'otto' ? 'Otto' : id);
const say = (over: Parameters<typeof entry>[0]) => sentenceOf(entry(over), nameOf);

describe('sentenceOf', () => {
  it('tells that a run started', () => {
    const row = session({ status: 'running', startedAt: 15_000, updatedAt: 15_001, endedAt: null });
    expect(say({ cause: 'sessions.changed', sessions: { upsert: [row] } })).toEqual({
      mark: 'working',
      text: 'Otto started',
      detail: 'Draft the release notes · telegram',
      subject: { kind: 'session', gateway: 'studio', key: 'agent:otto:main' },
      minor: false,
    });
  });

  it('tells how a run ended, how long it took and what it used', () => {
    const done = say({ cause: 'sessions.changed', sessions: { upsert: [session()] } });
    expect(done).toMatchObject({
      text: 'Otto done in 14 s',
      detail: '1,204 in · 380 out · $0.012',
    });
    const unpriced = session({ costUsd: null, status: 'timeout' });
    const late = say({ cause: 'sessions.changed', sessions: { upsert: [unpriced] } });
    expect(late).toMatchObject({ mark: 'error', text: 'Otto timed out after 14 s' });
    expect(late.detail).toContain('cost unknown');
  });

  it('does not tell an end again when the row changes later', () => {
    const row = session({ updatedAt: 900_000 });
    const told = say({ cause: 'sessions.changed', sessions: { upsert: [row] } });
    expect(told).toMatchObject({ text: 'Otto: session changed', minor: true });
  });

  it('says why an agent waits, stalls or failed, in its own words', () => {
    for (const [reportedStatus, text] of [
      ['waiting', 'Otto waits for approval'],
      ['stalled', 'Otto stalled'],
      ['error', 'Otto is in error'],
    ] as const) {
      const row = agent({ reportedStatus, statusReason: 'exit 137' });
      expect(say({ agents: { upsert: [row] } })).toMatchObject({
        mark: reportedStatus,
        text,
        detail: 'exit 137',
        minor: false,
      });
    }
  });

  it('tells how a connection stands', () => {
    const row = gateway({ state: 'blocked', source: null, detail: 'Approve this device.' });
    expect(say({ cause: 'connection', gateways: { upsert: [row] } })).toMatchObject({
      mark: 'error',
      text: 'studio refuses us',
      detail: 'Approve this device.',
    });
    const meanwhile = gateway({ state: 'blocked', source: 'rest' });
    expect(say({ cause: 'poll', gateways: { upsert: [meanwhile] } }).text).toBe(
      'studio refuses us, is polled by REST meanwhile',
    );
    expect(say({ cause: 'gap', gateways: { upsert: [gateway({ gaps: 1 })] } }).text).toBe(
      'studio: events were lost',
    );
  });

  it('sums up what is too much for a sentence', () => {
    const upsert = [session(), session({ key: 'b' })];
    expect(say({ cause: 'sessions.changed', sessions: { upsert } })).toMatchObject({
      text: '2 sessions changed',
      minor: true,
    });
    expect(
      say({ cause: 'initial-sync', agents: { upsert: [agent()] }, part: 1, parts: 3 }).text,
    ).toBe('studio was read (part 1 of 3)');
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
      expect(say({ cause }).text).not.toBe('');
      expect(say({ cause, agents: { upsert: [agent()] } }).text).not.toContain('undefined');
    }
  });

  it('keeps text as it is: markup stays text', () => {
    const row = agent({ reportedStatus: 'error', statusReason: '<img src=x onerror=alert(1)>' });
    expect(say({ agents: { upsert: [row] } }).detail).toBe('<img src=x onerror=alert(1)>');
  });
});
