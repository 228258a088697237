import { expect, it } from 'vitest';
import { compact, count, money, percent, plural } from './format';

it('tells costs with the digits that matter, and nothing for what is not known', () => {
  expect([null, 0, 0.0004, 0.012, 0.9996, 12.3].map(money)).toEqual([
    null,
    '$0',
    '<$0.001',
    '$0.012',
    '$1.000',
    '$12.30',
  ]);
});

it('counts', () => {
  expect(count(1_204_331)).toBe('1,204,331');
  expect(compact(12_911)).toBe('12.9K');
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
