import { describe, expect, it } from 'vitest';
import { agent, gateway, session } from '../testing/rows';
import { type Beside, whyOf } from './why';

const beside = (over: Partial<Beside> = {}): Beside => ({
  gateway: gateway(),
  working: null,
  titleOf: (_, key) => (key === 'agent:otto:main' ? 'Clean up stale branches' : null),
  ...over,
});
const why = (over: Parameters<typeof agent>[0], more: Partial<Beside> = {}, now = 0) =>
  whyOf(agent(over), beside(more), now);

describe('whyOf', () => {
  it('says what is wrong first, then the title of the session, and never its key', () => {
    const timedOut = why({
      reportedStatus: 'error',
      statusReason: 'The last run, in agent:otto:main, timed out.',
    });
    expect(timedOut).toEqual({
      text: 'Timed out · Clean up stale branches',
      session: { gateway: 'studio', key: 'agent:otto:main' },
    });
    const waiting = "A run in agent:otto:unknown:1 waits for a person's approval.";
    expect(why({ reportedStatus: 'waiting', statusReason: waiting }).text).toBe('Needs approval');
  });

  it('says how long there was no progress, not how long ago that was noticed', () => {
    const stalled = {
      reportedStatus: 'stalled',
      statusReason: 'No sign of progress from the run in agent:otto:main.',
      statusSince: 220_000,
      lastProgressAt: 100_000,
    } as const;
    expect(why(stalled, {}, 240_000).text).toBe('No progress for 2 min · Clean up stale branches');
    expect(why({ ...stalled, lastProgressAt: null }).text).toBe(
      'No progress · Clean up stale branches',
    );
  });

  it('says what an agent works on', () => {
    const working = session({ title: 'Draft the release notes' });
    expect(why({ reportedStatus: 'working', activeRuns: 3 }, { working })).toEqual({
      text: 'Draft the release notes · 2 more runs',
      session: { gateway: 'studio', key: 'agent:otto:main' },
    });
    expect(why({ reportedStatus: 'working', activeRuns: 1 }).text).toBe('');
  });

  it('names the gateway that is out of reach, and what was known before', () => {
    const row = { reportedStatus: 'error', statusReason: 'The run timed out.' } as const;
    expect(why(row, { gateway: gateway({ state: 'blocked' }) }).text).toBe(
      'studio is blocked · was error',
    );
    expect(why(row, { gateway: undefined }).text).toBe('Its gateway was removed');
    expect(why(row).text).toBe('The run timed out');
    expect(why({}).text).toBe('');
  });
});
