import type { Filter } from '../../journal/scope';
import type { Start } from '../../journal/history.svelte';
import { type Kind, kinds } from '../../model/kind';
import { router } from '../../router/router.svelte';

/** What the address asks for. */
export interface ActivityQuery {
  filter: Filter;
  start: Start;
}

export function activityQuery(): ActivityQuery {
  return {
    filter: {
      kinds: router.list('kind').filter(isKind),
      gateways: router.list('gateway'),
      agent: agentOf(router.get('agent')),
      problems: router.get('show') === 'problems',
      text: router.get('q'),
    },
    start: startOf(router.get('cursor'), router.get('at')),
  };
}

const isKind = (word: string): word is Kind => kinds.some(({ id }) => id === word);

// GATEWAY/ID, as the API has it: no gateway's name holds a slash.
function agentOf(text: string): Filter['agent'] {
  const slash = text.indexOf('/');
  return slash > 0 ? { gateway: text.slice(0, slash), id: text.slice(slash + 1) } : null;
}

function startOf(cursor: string, at: string): Start {
  if (cursor !== '') return { from: 'cursor', cursor };
  const moment = Number(at);
  return at !== '' && Number.isSafeInteger(moment) && moment >= 0
    ? { from: 'moment', at: moment }
    : { from: 'newest' };
}

export const isFiltered = ({ kinds: wanted, gateways, agent, problems, text }: Filter) =>
  wanted.length + gateways.length > 0 || agent !== null || problems || text.trim() !== '';

export function clearFilters(): void {
  router.set({ kind: null, gateway: null, agent: null, show: null, q: null });
}

/** The newest entries, with the filters as they are. */
export const latestHref = () => router.hrefWith({ at: null, cursor: null });

export function jumpTo(at: number): void {
  router.set({ at: String(at), cursor: null });
}
