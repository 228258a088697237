import { describe, expect, it } from 'vitest';
import { agent, gateway, session } from '../testing/rows';
import {
  compareGateways,
  markOfSessionStatus,
  severity,
  shownSession,
  shownStatus,
  statuses,
  type GatewayState,
} from './status';

describe('shownStatus', () => {
  const broken = agent({ reportedStatus: 'error' });

  it('is what was reported while the gateway speaks to us', () => {
    for (const state of ['live', 'polling'] as const) {
      expect(shownStatus(broken, gateway({ state }))).toBe('error');
    }
  });

  it('is unknown while it does not, or is gone, and comes back with it', () => {
    const silent: GatewayState[] = ['connecting', 'offline', 'blocked'];
    for (const state of silent) expect(shownStatus(broken, gateway({ state }))).toBe('unknown');
    expect(shownStatus(broken, undefined)).toBe('unknown');
    expect(shownStatus(broken, gateway())).toBe('error');
  });
});

describe('shownSession', () => {
  it('is the word of the gateway, and of a run that is held up what holds it up', () => {
    expect(shownSession(session({ status: 'running' }))).toEqual({
      mark: 'working',
      word: 'running',
    });
    expect(shownSession(session({ status: null })).word).toBe('never ran');
    const waits = session({ status: 'running', heldUp: 'waiting' });
    expect(shownSession(waits)).toEqual({ mark: 'waiting', word: 'waiting' });
  });
});

describe('severity', () => {
  it('puts every status in an order, what hurts first', () => {
    expect([...statuses].reverse().sort((a, b) => severity(a) - severity(b))).toEqual(statuses);
    expect(severity('error')).toBeLessThan(severity('stalled'));
    expect(severity('stalled')).toBeLessThan(severity('waiting'));
    expect(severity('waiting')).toBeLessThan(severity('working'));
  });

  it('puts the gateway that a person must help first', () => {
    const rows = [
      gateway({ name: 'b' }),
      gateway({ name: 'a' }),
      gateway({ name: 'c', state: 'blocked' }),
    ];
    expect(rows.sort(compareGateways).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });
});

describe('markOfSessionStatus', () => {
  it('shows a word that it does not know as unknown, also one that objects have', () => {
    expect(markOfSessionStatus('done')).toBe('idle');
    expect(markOfSessionStatus('exploded')).toBe('unknown');
    expect(markOfSessionStatus('constructor')).toBe('unknown');
    expect(markOfSessionStatus(null)).toBe('unknown');
  });
});
