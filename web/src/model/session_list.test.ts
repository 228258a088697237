import { describe, expect, it } from 'vitest';
import { session } from '../testing/rows';
import {
  compareSessions,
  filterFields,
  matches,
  moves,
  problemsFirst,
  type SessionQuery,
  sinceOf,
  withSearch,
} from './session_list';

const none = Object.fromEntries(
  filterFields.map((field) => [field, []]),
) as unknown as SessionQuery['filters'];

function asking(filters: Partial<SessionQuery['filters']>, text = ''): SessionQuery {
  return { text, filters: { ...none, ...filters }, since: null, sort: '-updatedAt' };
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

describe('a span of time', () => {
  const query = (span: string) => ({ ...asking({}), since: sinceOf(span, 3_600_000) });
  const at = (updatedAt: number | null) => session({ updatedAt });

  it('holds its beginning, and nothing whose time is not known', () => {
    expect([0, 1, 9_000_000].every((time) => matches(at(time), query('1h')))).toBe(true);
    expect([-1, null].some((time) => matches(at(time), query('1h')))).toBe(false);
  });

  it('filters nothing where the address names none that there is', () => {
    expect(['', '1y', 'toString'].map((span) => sinceOf(span, 1))).toEqual([null, null, null]);
    expect(matches(at(null), query(''))).toBe(true);
  });
});

describe('compareSessions', () => {
  it('puts problems first, the most severe before the others, and the latest of each on top', () => {
    const rows = [
      session({ key: 'idle', updatedAt: 99 }),
      session({ key: 'waits', attention: 'waiting', updatedAt: 1 }),
      session({ key: 'failed before', attention: 'error', updatedAt: 2 }),
      session({ key: 'failed', attention: 'error', updatedAt: 3 }),
      session({ key: 'is silent', attention: 'stalled', updatedAt: 1 }),
      session({ key: 'works', updatedAt: 100 }),
    ];
    rows.sort((a, b) => compareSessions(a, b, problemsFirst));
    expect(rows.map(({ key }) => key)).toEqual([
      ...['failed', 'failed before', 'is silent', 'waits'],
      ...['works', 'idle'],
    ]);
  });

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
  const asked = (typed: string) => withSearch({ text: '', filters: none }, typed);

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
