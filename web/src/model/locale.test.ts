import { describe, expect, it } from 'vitest';
import { localeOf } from './locale';

describe('localeOf', () => {
  const written = (language: string) =>
    new Intl.NumberFormat(localeOf(language)).format(1_204_331.5);

  it('writes numbers as a German does', () => {
    expect(written('de-DE')).toBe('1.204.331,5');
  });

  it('keeps the digits of the page in Kathmandu, whose own it does not have', () => {
    expect(written('ne-NP')).toBe('12,04,331.5');
  });

  it('takes what is no language for American English', () => {
    expect(written('C.UTF-8@posix')).toBe('1,204,331.5');
  });
});

it('tells times of a zone that is a quarter of an hour off', () => {
  const clock = new Intl.DateTimeFormat(localeOf('ne-NP'), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'Asia/Kathmandu',
  });
  expect(clock.format(Date.UTC(2026, 10, 29, 18, 20))).toBe('00:05');
});
