import { expect, it } from 'vitest';
import { compact, count, money, percent, plural, usage } from './format';

it('tells costs with the digits that matter, and nothing for what is not known', () => {
  expect([null, 0, 0.0004, 0.012, 0.9996, 12.3].map(money)).toEqual([
    null,
    '$0.00',
    '<$0.001',
    '$0.012',
    '$1.000',
    '$12.30',
  ]);
});

it('counts', () => {
  expect(count(1_204_331)).toBe('1,204,331');
  expect([778, 12_911, 999_999, 2_500_000].map(compact)).toEqual(['778', '12.9K', '1M', '2.5M']);
  expect([plural(1, 'run'), plural(0, 'run'), plural(2, 'entry', 'entries')]).toEqual([
    '1 run',
    '0 runs',
    '2 entries',
  ]);
});

it('gives a share only where both sides are known', () => {
  expect([
    percent(50, 200),
    percent(300, 200),
    percent(null, 200),
    percent(1, null),
    percent(1, 0),
  ]).toEqual([25, 100, null, null, null]);
});

it('tells what a run used, with what is not known left open', () => {
  const of = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) =>
    usage({ inputTokens, outputTokens, costUsd });
  expect(of(7_329, 778, 0)).toBe('7.3K → 778 tokens · $0.00');
  expect(of(null, 778, null)).toBe('? → 778 tokens');
  expect(of(null, null, 0.012)).toBe('$0.012');
  expect(of(null, null, null)).toBeNull();
});
