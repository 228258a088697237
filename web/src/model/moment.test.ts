import { describe, expect, it } from 'vitest';
import { typedMoment } from './moment';

const now = new Date('2026-11-29T12:00:00').getTime();
const at = (text: string) => new Date(text).getTime();

describe('typedMoment', () => {
  it('reads a date with a time, and a date alone', () => {
    expect(typedMoment('2026-11-28 14:05', now)).toBe(at('2026-11-28T14:05:00'));
    expect(typedMoment('2026-11-28T14:05:09', now)).toBe(at('2026-11-28T14:05:09'));
    expect(typedMoment('2026-11-28', now)).toBe(at('2026-11-28T00:00:00'));
  });

  it('takes a time alone for the last time that it was that late', () => {
    expect(typedMoment('11:59', now)).toBe(at('2026-11-29T11:59:00'));
    expect(typedMoment('9:05:30', now)).toBe(at('2026-11-29T09:05:30'));
    expect(typedMoment('14:05', now)).toBe(at('2026-11-28T14:05:00'));
  });

  it('counts back', () => {
    expect(typedMoment('-15m', now)).toBe(now - 15 * 60_000);
    expect(typedMoment('−2 hours', now)).toBe(now - 2 * 3_600_000);
  });

  it('says no to what is no moment', () => {
    for (const text of ['', 'soon', '25:00', '2026-13-45', '2026-02-30 99:99', '15m']) {
      expect(typedMoment(text, now)).toBeNull();
    }
  });
});
