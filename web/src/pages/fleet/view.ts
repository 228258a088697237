import type { AgentQuery } from '../../model/agent_list';
import { pins } from '../../kept/pins.svelte';
import { router } from '../../router/router.svelte';
import type { Column } from '../../ui/table/table';

/** All columns of the agents' table, in their order. */
export const columns: readonly Column[] = [
  { id: 'status', label: 'Status', width: '108px', narrow: '92px', sort: 'status' },
  { id: 'name', label: 'Agent', width: '21%', sort: 'name', link: true },
  { id: 'why', label: 'Why', from: 'small' },
  { id: 'activity', label: 'Last hour', width: '124px', from: 'medium' },
  { id: 'model', label: 'Model', width: '184px', sort: 'model', from: 'wide' },
  {
    id: 'runs',
    label: 'Runs',
    width: '60px',
    align: 'right',
    sort: 'activeRuns',
    first: 'descending',
    from: 'small',
  },
  {
    id: 'sessions',
    label: 'Sessions',
    width: '84px',
    align: 'right',
    sort: 'sessions',
    first: 'descending',
    from: 'medium',
  },
  {
    id: 'since',
    label: 'Since',
    narrow: '64px',
    width: '80px',
    align: 'right',
    sort: 'statusSince',
    first: 'descending',
  },
  {
    id: 'active',
    label: 'Last active',
    width: '108px',
    align: 'right',
    sort: 'lastActiveAt',
    first: 'descending',
    from: 'huge',
  },
];

const usual = ['status', 'name', 'why', 'activity', 'runs', 'since', 'active'];
/** Those that can be taken away. */
export const optional = columns.filter(({ id }) => id !== 'status' && id !== 'name');

/** The chosen columns' ids. */
export function chosenColumns(): string[] {
  const chosen = router.list('columns');
  return chosen.length === 0 ? usual : ['status', 'name', ...chosen];
}

export function toggleColumn(id: string): void {
  const chosen = new Set(chosenColumns());
  if (!chosen.delete(id)) chosen.add(id);
  const ids = optional.map((column) => column.id).filter((one) => chosen.has(one));
  const isUsual = ids.join() === usual.slice(2).join();
  router.set({ columns: isUsual ? null : ids.join(',') || 'none' }, 'replace');
}

/** What the address asks for. */
export function agentQuery(): AgentQuery {
  const group = router.get('group');
  return {
    statuses: router.list('status'),
    gateways: router.list('gateway'),
    text: router.get('q'),
    sort: router.get('sort'),
    group: group === 'gateway' || group === 'status' ? group : 'none',
    pinned: pins.all,
  };
}

export const isFiltered = ({ statuses, gateways, text }: AgentQuery) =>
  statuses.length + gateways.length > 0 || text !== '';

/** Without any filter. */
export function clearFilters(): void {
  router.set({ status: null, gateway: null, q: null });
}
