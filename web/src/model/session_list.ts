import type { Session } from '../api/client';
import { termsOf } from './search';

/** What a list of sessions is asked for. A list of values means "one of them"; "null" finds rows without a value. */
export interface SessionQuery {
  text: string;
  /** By field; a field without values filters nothing. */
  filters: Record<FilterField, readonly string[]>;
  /** Updated at this time or later; null: at any time. */
  since: number | null;
  /** A field, or `-field`; of several, with commas, each orders what those before it leave equal. */
  sort: string;
}

/** The most severe first, then the latest. */
export const problemsFirst = 'attention,-updatedAt';

/** How long ago sessions may have been updated, as the address says it. */
export const spans: readonly { id: string; label: string; ms: number }[] = [
  { id: '1h', label: 'Last hour', ms: 3_600_000 },
  { id: '1d', label: 'Last day', ms: 86_400_000 },
  { id: '7d', label: 'Last week', ms: 604_800_000 },
];

/** The beginning of a span that ends at `now`; null for none. */
export function sinceOf(span: string, now: number): number | null {
  const found = spans.find(({ id }) => id === span);
  return found ? now - found.ms : null;
}

export const filterFields = [
  'status',
  'attention',
  'gateway',
  'agentId',
  'parentKey',
  'channel',
  'kind',
  'model',
  'lastError',
  'archived',
] as const;
export type FilterField = (typeof filterFields)[number];

/** What may be asked of one field in the search box, and which field that is. */
export const searchable: Readonly<Record<string, FilterField>> = {
  status: 'status',
  attention: 'attention',
  agent: 'agentId',
  gateway: 'gateway',
  channel: 'channel',
  kind: 'kind',
  model: 'model',
};

/** The query with what the search box says: `status:failed` is a filter, anything else is text. */
export function withSearch<Query extends Pick<SessionQuery, 'text' | 'filters'>>(
  query: Query,
  typed: string,
): Query {
  const filters = { ...query.filters };
  const words: string[] = [];
  for (const { field, values } of termsOf(typed, (name) => Object.hasOwn(searchable, name))) {
    const own = field === null ? undefined : searchable[field];
    // A session's key begins like that: "agent:main:cron".
    if (own === 'agentId' && values.some((value) => value.includes(':')))
      words.push(`${String(field)}:${values.join(',')}`);
    else if (own) filters[own] = [...filters[own], ...values];
    else words.push(...values);
  }
  return { ...query, filters, text: words.join(' ') };
}

/** Whether the row passes, by the rule that the API has. */
export function matches(session: Session, query: SessionQuery): boolean {
  const text = query.text.toLowerCase();
  if (!titled(session).some((part) => part.toLowerCase().includes(text))) return false;
  if (query.since !== null && (session.updatedAt ?? -Infinity) < query.since) return false;
  return filterFields.every((field) => {
    const wanted = query.filters[field];
    return wanted.length === 0 || wanted.includes(String(session[field]));
  });
}

const titled = ({ key, title }: Session) => (title === null ? [key] : [key, title]);

/** The order of the API: by the fields, nulls last in both directions, ties by identity. */
export function compareSessions(a: Session, b: Session, sort: string): number {
  for (const field of sort.split(',')) {
    const order = compareBy(field, a, b);
    if (order !== 0) return order;
  }
  return compareValues(a.gateway, b.gateway) || compareValues(a.key, b.key);
}

function compareBy(sort: string, a: Session, b: Session): number {
  const descending = sort.startsWith('-');
  const field = (descending ? sort.slice(1) : sort) as keyof Session;
  const x = a[field];
  const y = b[field];
  if ((x === null) !== (y === null)) return x === null ? 1 : -1;
  const order = compareValues(x, y);
  return descending ? -order : order;
}

function compareValues(x: Session[keyof Session], y: Session[keyof Session]): number {
  if (x === y || x === null || y === null) return 0;
  return x < y ? -1 : 1;
}

/** A page of a longer list: its rows from top to bottom as they are now, and whether it begins or ends the list. */
export interface Span {
  rows: readonly Session[];
  first: boolean;
  last: boolean;
}

/**
 * Whether a session that changed would come in, drop out or stand elsewhere if the page were read again. `index`: where it
 * stands on the page, with its values before the change; -1 where it does not.
 */
export function moves(changed: Session, index: number, query: SessionQuery, page: Span): boolean {
  const belongs = matches(changed, query);
  if (index === -1) return belongs && isWithin(changed, query.sort, page);
  const before = page.rows[index];
  const above = page.rows[index - 1] ?? (page.first ? undefined : before);
  const below = page.rows[index + 1] ?? (page.last ? undefined : before);
  const tooHigh = above !== undefined && compareSessions(above, changed, query.sort) > 0;
  const tooLow = below !== undefined && compareSessions(changed, below, query.sort) > 0;
  return !belongs || tooHigh || tooLow;
}

function isWithin(session: Session, sort: string, { rows, first, last }: Span): boolean {
  const top = rows[0];
  const bottom = rows.at(-1);
  if (!top || !bottom) return true;
  const belowTop = first || compareSessions(top, session, sort) < 0;
  const aboveBottom = last || compareSessions(session, bottom, sort) < 0;
  return belowTop && aboveBottom;
}
