import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff';

const waits = (backoff: Backoff, times: number) =>
  Array.from({ length: times }, () => backoff.next());

describe('Backoff', () => {
  it('doubles up to its most', () => {
    expect(waits(new Backoff(500, 4_000, () => 1), 6)).toEqual([
      500, 1_000, 2_000, 4_000, 4_000, 4_000,
    ]);
  });

  it('spreads over the upper half', () => {
    expect(waits(new Backoff(500, 4_000, () => 0), 3)).toEqual([250, 500, 1_000]);
  });

  it('begins anew after something came', () => {
    const backoff = new Backoff(500, 4_000, () => 1);
    waits(backoff, 5);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  it('stays finite however long the server is away', () => {
    const backoff = new Backoff(500, 15_000, () => 1);
    expect(waits(backoff, 2_000).at(-1)).toBe(15_000);
  });
});
