import { describe, expect, it } from 'vitest';
import { session } from '../testing/rows';
import {
  compareSessions,
  filterFields,
  matches,
  moves,
  type SessionQuery,
  withSearch,
} from './session_list';

const none = Object.fromEntries(
  filterFields.map((field) => [field, []]),
) as unknown as SessionQuery['filters'];

function asking(filters: Partial<SessionQuery['filters']>, text = ''): SessionQuery {
  return { text, filters: { ...none, ...filters }, sort: '-updatedAt' };
}

describe('matches', () => {
  it('finds text in titles and keys, in any case', () => {
    const row = session({ key: 'agent:otto:Cron-9', title: 'Weekly Report' });
    expect(['', 'weekly', 'REPORT', 'cron-9'].every((text) => matches(row, asking({}, text)))).toBe(
      true,
    );
    expect(matches(row, asking({}, 'otto report'))).toBe(false);
    expect(matches(session({ title: null, key: 'k' }), asking({}, 'null'))).toBe(false);
  });

  it('takes one of the values of each field, and null for none', () => {
    const row = session({ status: null, channel: 'telegram', archived: false });
    expect(matches(row, asking({ status: ['failed', 'null'], channel: ['telegram'] }))).toBe(true);
    expect(matches(row, asking({ status: ['failed'] }))).toBe(false);
    expect(matches(row, asking({ status: ['null'], archived: ['true'] }))).toBe(false);
  });
});

describe('compareSessions', () => {
  const keys = (sort: string) =>
    [
      session({ key: 'b', costUsd: 2 }),
      session({ key: 'unknown', costUsd: null }),
      session({ key: 'c', costUsd: 3 }),
      session({ key: 'a', costUsd: 2 }),
    ]
      .sort((a, b) => compareSessions(a, b, sort))
      .map(({ key }) => key);

  it('puts what is not known last, whichever way', () => {
    expect(keys('costUsd')).toEqual(['a', 'b', 'c', 'unknown']);
    expect(keys('-costUsd')).toEqual(['c', 'a', 'b', 'unknown']);
  });
});

describe('moves', () => {
  const row = (key: string, updatedAt: number) => session({ key, updatedAt });
  const rows = [row('a', 50), row('b', 40), row('c', 30)];
  const middle = { rows, first: false, last: false };
  const all = asking({});

  it('is quiet where a row keeps its place', () => {
    expect(moves(row('b', 45), 1, all, middle)).toBe(false);
    expect(moves(session({ key: 'b', updatedAt: 40, costUsd: 9 }), 1, all, middle)).toBe(false);
    expect(moves(row('a', 90), 0, all, { ...middle, first: true })).toBe(false);
  });

  it('tells of a row that passes a neighbour or leaves the page at an end', () => {
    expect(moves(row('c', 45), 2, all, middle)).toBe(true);
    expect(moves(row('a', 35), 0, all, middle)).toBe(true);
    expect(moves(row('a', 90), 0, all, middle)).toBe(true);
    expect(moves(row('c', 20), 2, all, middle)).toBe(true);
  });

  it('tells of a row that does not pass the filters any more', () => {
    const running = asking({ status: ['running'] });
    expect(moves(session({ key: 'b', updatedAt: 40, status: 'done' }), 1, running, middle)).toBe(
      true,
    );
  });

  it('tells of one from elsewhere only if it would come onto this page', () => {
    expect(moves(row('new', 45), -1, all, middle)).toBe(true);
    expect(moves(row('new', 99), -1, all, middle)).toBe(false);
    expect(moves(row('new', 99), -1, all, { ...middle, first: true })).toBe(true);
    expect(moves(row('new', 1), -1, all, { ...middle, last: true })).toBe(true);
    expect(moves(row('new', 45), -1, asking({ gateway: ['attic'] }), middle)).toBe(false);
    expect(moves(row('new', 1), -1, all, { rows: [], first: true, last: true })).toBe(true);
  });
});

describe('withSearch', () => {
  const asked = (typed: string) => withSearch({ text: '', filters: none, sort: 'title' }, typed);

  it('takes fields for filters, and all else for text', () => {
    const { filters, text } = asked('status:failed,timeout agent:main "the build" red');
    expect([filters.status, filters.agentId, text]).toEqual([
      ['failed', 'timeout'],
      ['main'],
      'the build red',
    ]);
  });

  it('finds a session by its key, which begins like a field', () => {
    expect(asked('agent:main:cron')).toMatchObject({ filters: none, text: 'agent:main:cron' });
  });

  it('asks nothing of a field without a value, and knows no other fields', () => {
    expect(asked('status: constructor:x')).toMatchObject({ filters: none, text: 'constructor:x' });
  });
});
