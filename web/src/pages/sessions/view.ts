import {
  type FilterField,
  filterFields,
  problemsFirst,
  type SessionQuery,
  spans,
  withSearch,
} from '../../model/session_list';
import { router } from '../../router/router.svelte';
import { joinList } from '../../router/route';
import type { Column } from '../../ui/table/table';

export const pageSize = 100;

/** How many pages back are remembered. Further back one goes to the first page. */
const longestTrail = 12;

export const columns: readonly Column[] = [
  { id: 'status', label: 'Status', width: '116px', narrow: '104px', sort: problemsFirst },
  { id: 'title', label: 'Session', sort: 'title', link: true },
  { id: 'agent', label: 'Agent', width: '11%', sort: 'agentId', from: 'small' },
  { id: 'why', label: 'Why', width: '20%', sort: 'lastErrorAt', first: 'descending', from: 'wide' },
  { id: 'channel', label: 'Channel', width: '104px', from: 'huge' },
  { id: 'model', label: 'Model', width: '168px', sort: 'model', from: 'huge' },
  {
    id: 'context',
    label: 'Context',
    width: '136px',
    sort: 'totalTokens',
    first: 'descending',
    from: 'medium',
  },
  {
    id: 'cost',
    label: 'Run cost',
    width: '92px',
    align: 'right',
    sort: 'costUsd',
    first: 'descending',
    from: 'small',
  },
  {
    id: 'updated',
    label: 'Updated',
    width: '96px',
    narrow: '84px',
    align: 'right',
    sort: 'updatedAt',
    first: 'descending',
  },
];

/** What the address asks for, and where in the list. */
export interface PageQuery extends Omit<SessionQuery, 'since'> {
  /** One of `spans`; empty: any time. */
  within: string;
  /** The server's token for the page; null: the first. */
  page: string | null;
}

export function sessionQuery(): PageQuery {
  const within = router.get('within');
  const asked = {
    text: '',
    filters: chosenFilters(),
    within: spans.some(({ id }) => id === within) ? within : '',
    sort: router.get('sort') || problemsFirst,
    page: trail().at(-1) ?? null,
  };
  return withSearch(asked, router.get('q'));
}

/** The filters that were chosen, without what the search box says. */
export const chosenFilters = (): Record<FilterField, string[]> =>
  Object.fromEntries(filterFields.map((field) => [field, router.list(field)])) as Record<
    FilterField,
    string[]
  >;

export const isFiltered = ({ text, filters, within }: PageQuery) =>
  text !== '' || within !== '' || filterFields.some((field) => filters[field].length > 0);

export function clearFilters(): void {
  router.set({
    ...Object.fromEntries(filterFields.map((field) => [field, null])),
    q: null,
    within: null,
    ...top,
  });
}

/** Another filter or order begins at the first page. */
export const top = { page: null, from: null };

/** How many rows stand before the page. */
export const offset = (): number => Math.max(0, Math.floor(Number(router.get('from')) || 0));

// The tokens of the pages on the way here, the last one this page's.
const trail = (): string[] => router.list('page');

export function nextHref(token: string): string {
  return hrefOf([...trail(), token].slice(-longestTrail), offset() + pageSize);
}

/** Null on the first page. */
export function previousHref(): string | null {
  const before = trail().slice(0, -1);
  if (trail().length === 0) return null;
  return hrefOf(before, before.length === 0 ? 0 : offset() - pageSize);
}

function hrefOf(tokens: string[], from: number): string {
  return router.hrefWith({ page: joinList(tokens), from: from > 0 ? String(from) : null });
}
