import { describe, expect, it } from 'vitest';
import { approval } from '../testing/rows';
import { compareApprovals, standingOf, timeLeft } from './approval';

describe('approvals', () => {
  it('stand in the order in which they expire, those without an end last', () => {
    const ids = [
      approval({ id: 'never', expiresAt: null }),
      approval({ id: 'later', expiresAt: 9_000 }),
      approval({ id: 'soon', expiresAt: 5_000 }),
      approval({ id: 'never-older', expiresAt: null, createdAt: 1 }),
    ]
      .sort(compareApprovals)
      .map(({ id }) => id);
    expect(ids).toEqual(['soon', 'later', 'never-older', 'never']);
  });

  it('count down by the clock that is handed in', () => {
    const row = approval({ expiresAt: 600_000 });
    expect(timeLeft(row, 0)).toEqual({ text: '10 min left', over: false, short: false });
    expect(timeLeft(row, 597_500)).toEqual({ text: '3 s left', over: false, short: true });
    expect(timeLeft(row, 600_000).over).toBe(true);
    expect(timeLeft(approval({ expiresAt: null }), 1e15).over).toBe(false);
  });

  it('say who decided, and how', () => {
    const row = approval({ status: 'allowed', decision: 'allow-always', decidedBy: 'Ada' });
    expect(standingOf(row).word).toBe('allowed from now on by Ada');
    expect(standingOf(approval({ status: 'expired', decidedBy: null })).mark).toBe('stalled');
  });
});
