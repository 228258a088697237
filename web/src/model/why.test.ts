import { describe, expect, it } from 'vitest';
import { agent, gateway } from '../testing/rows';
import { whyOf } from './why';

const why = (over: Parameters<typeof agent>[0], from = gateway(), now = 0) =>
  whyOf(agent(over), from, now);

describe('whyOf', () => {
  it('says what is wrong, and in which session', () => {
    expect(
      why({
        reportedStatus: 'error',
        statusReason: 'Timed out · Clean up stale branches',
        statusSessionKey: 'agent:otto:main',
      }),
    ).toEqual({
      text: 'Timed out · Clean up stale branches',
      session: { gateway: 'studio', key: 'agent:otto:main' },
    });
  });

  it('says how long there is no progress, not how long there was none when that was noticed', () => {
    const stalled = {
      reportedStatus: 'stalled',
      statusReason: 'No progress for over 10 min · Clean up stale branches',
      silentSince: 100_000,
    } as const;
    const now = 100_000 + 25 * 60_000;
    expect(why(stalled, gateway(), now).text).toBe(
      'No progress for 25 min · Clean up stale branches',
    );
    expect(why({ ...stalled, statusReason: 'No progress' }, gateway(), now).text).toBe(
      'No progress for 25 min',
    );
    expect(why({ ...stalled, silentSince: null }).text).toBe(stalled.statusReason);
  });

  it('says what an agent works on, by its key only where it has no title', () => {
    const working = { reportedStatus: 'working', statusSessionKey: 'agent:otto:main' } as const;
    expect(why({ ...working, statusReason: 'Draft the notes', activeRuns: 3 }).text).toBe(
      'Draft the notes · 2 more runs',
    );
    expect(why({ ...working, activeRuns: 1 }).text).toBe('agent:otto:main');
  });

  it('names the gateway that is out of reach, and what was known before', () => {
    const row = { reportedStatus: 'error', statusReason: 'The run timed out.' } as const;
    expect(why(row, gateway({ state: 'blocked' })).text).toBe('studio is blocked · was error');
    expect(whyOf(agent(row), undefined, 0).text).toBe('Its gateway was removed');
    expect(why(row).text).toBe('The run timed out');
    expect(why({}).text).toBe('');
  });
});
