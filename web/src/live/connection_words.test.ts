import { describe, expect, it } from 'vitest';
import type { Connection } from './protocol';
import { clockNote, connectionWords, journalNote } from './connection_words';

const at = (over: Partial<Connection>): Connection => ({
  state: 'live',
  since: 1_000_000,
  retryAt: null,
  reason: null,
  ...over,
});

describe('connectionWords', () => {
  it('tells silence in amber, since when, and when it tries again', () => {
    const quiet = at({ state: 'quiet', retryAt: 1_020_000 });
    expect(connectionWords(quiet, 1_014_000)).toEqual({
      mark: 'waiting',
      word: 'No news for 14 s',
      detail: 'Control Center has gone silent. Reconnecting in 6 s.',
    });
  });

  it('tells a loss in plain words, with whole seconds to the next try', () => {
    const reason = 'Control Center does not answer.';
    const lost = at({ state: 'lost', retryAt: 1_030_000, reason });
    expect(connectionWords(lost, 1_027_500)).toEqual({
      mark: 'error',
      word: 'Lost for 27 s',
      detail: 'Control Center does not answer. Next try in 3 s.',
    });
    expect(connectionWords(lost, 1_040_000).detail).toContain('Trying now.');
  });
});

describe('clockNote', () => {
  it('is silent up to a minute, and tells which clock is behind', () => {
    expect([0, 59_000, -60_000].map(clockNote)).toEqual([null, null, null]);
    expect(clockNote(7_200_000)).toContain("clock is 2 h behind the server's");
    expect(clockNote(7_199_400)).toContain('is 2 h behind');
    expect(clockNote(-7_200_000)).toContain("clock is 2 h ahead of the server's");
  });
});

it('tells of a server whose clock was wrong, and that it passes', () => {
  expect(journalNote(0)).toBeNull();
  expect(journalNote(8 * 3_600_000)).toContain('dated 8 h ahead. This passes by itself');
});
