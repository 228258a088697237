import { describe, expect, it } from 'vitest';
import { endInWords, lifetimes } from './token';

describe('endInWords', () => {
  it('tells how long a token lasts, and that it has ended', () => {
    const words = [null, 7_200_000, 7 * 86_400_000, 1_000, 0].map((at) => endInWords(at, 1_000));
    expect(words).toEqual(['never', 'in 1 h', 'in 7 d', 'ended 0.0 s ago', 'ended 1.0 s ago']);
  });
});

describe('lifetimes', () => {
  it('are none that the server refuses', () => {
    for (const { ms } of lifetimes) expect(ms ?? 1).toBeLessThanOrEqual(3_660 * 86_400_000);
  });
});
