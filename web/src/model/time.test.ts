import { describe, expect, it } from 'vitest';
import { age, duration, fieldTime, momentOf } from './time';

const second = 1_000;
const hour = 3_600 * second;

describe('age', () => {
  it('is now for some seconds, then one unit', () => {
    const ages = [
      0,
      4_999,
      5_000,
      59_999,
      60_000,
      hour - 1,
      hour,
      47 * hour,
      48 * hour,
      400 * 24 * hour,
    ];
    expect(ages.map((ms) => age(0, ms))).toEqual([
      'now',
      'now',
      '5 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '47 h',
      '2 d',
      '400 d',
    ]);
  });

  it('is now for what is to come: clocks differ', () => {
    expect(age(10_000, 0)).toBe('now');
  });
});

describe('duration', () => {
  it('has tenths below ten seconds, and is never negative', () => {
    expect([-5, 0, 449, 9_999, 14_000, 240_000].map(duration)).toEqual([
      '0.0 s',
      '0.0 s',
      '0.4 s',
      '9.9 s',
      '14 s',
      '4 min',
    ]);
  });
});

it('writes a moment as a field for a time holds it, and reads it back', () => {
  const at = new Date(2026, 10, 4, 3, 8, 9).getTime();
  expect(fieldTime(at)).toBe('2026-11-04T03:08:09');
  expect(momentOf(fieldTime(at))).toBe(at);
  expect(momentOf('')).toBeNull();
});
