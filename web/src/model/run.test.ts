import { expect, it } from 'vitest';
import { entry, session } from '../testing/rows';
import { type Run, runsOf, sumOf } from './run';

const told = (over: Parameters<typeof session>[0]) =>
  entry({ cause: 'sessions.changed', sessions: { upsert: [session(over)] } });

it('tells each run once, as it was told last, the latest first', () => {
  const entries = [
    told({ status: 'running', startedAt: 1_000, endedAt: null, costUsd: null }),
    told({ status: 'failed', startedAt: 1_000, endedAt: 4_000, costUsd: 0.5 }),
    told({ status: 'running', startedAt: 9_000, endedAt: 4_000 }),
  ];
  const now = session({ status: 'running', startedAt: 9_000, endedAt: 4_000, costUsd: null });
  const runs = runsOf(now, entries);
  expect(runs.map(({ startedAt, endedAt, status }) => [startedAt, endedAt, status])).toEqual([
    [9_000, null, 'running'],
    [1_000, 4_000, 'failed'],
  ]);
  expect(runs[1]?.costUsd).toBe(0.5);
});

it('knows the latest run without any entry, and none where the session never ran', () => {
  expect(runsOf(session(), [])).toHaveLength(1);
  expect(runsOf(session({ startedAt: null, status: null }), [])).toEqual([]);
});

it('leaves other sessions out', () => {
  expect(runsOf(session(), [told({ key: 'another', startedAt: 7 })])).toHaveLength(1);
});

it('sums up what is known of runs that ended, and does not call it nothing where nothing is known', () => {
  const run = (over: Partial<Run>): Run => ({
    ...{ startedAt: 1, endedAt: 2, status: 'done', model: null },
    ...{ inputTokens: null, outputTokens: null, costUsd: null },
    ...over,
  });
  const running = run({ endedAt: null, inputTokens: 99 });
  expect(sumOf([run({ inputTokens: 5 }), run({ inputTokens: 7, costUsd: 0.5 }), running])).toEqual({
    inputTokens: 12,
    outputTokens: null,
    costUsd: 0.5,
  });
});
