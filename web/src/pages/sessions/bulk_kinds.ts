import type { Order, Session } from '../../api/client';
import { plural } from '../../model/format';

/** What can be told of many sessions at once. */
export interface BulkKind {
  id: string;
  label: string;
  kind: string;
  params: Record<string, unknown>;
  grave: boolean;
  about: string;
}

export const bulkKinds: readonly BulkKind[] = [
  {
    id: 'stop',
    label: 'Stop',
    kind: 'session.abort',
    params: {},
    grave: true,
    about: 'What runs in them is aborted.',
  },
  {
    id: 'archive',
    label: 'Archive',
    kind: 'session.patch',
    params: { archived: true },
    grave: false,
    about: 'They can be taken out of the archive again.',
  },
  {
    id: 'compact',
    label: 'Compact',
    kind: 'session.compact',
    params: {},
    grave: false,
    about: 'A model sums up what was said in each. This costs tokens, and may take minutes.',
  },
  {
    id: 'reset',
    label: 'Reset',
    kind: 'session.reset',
    params: {},
    grave: true,
    about: 'The agents forget what was said in them.',
  },
  {
    id: 'delete',
    label: 'Delete',
    kind: 'session.delete',
    params: {},
    grave: true,
    about: 'They and what was said in them are removed from their gateways.',
  },
];

export const bulkOrders = ({ kind, params }: BulkKind, sessions: readonly Session[]): Order[] =>
  sessions.map(({ gateway, key }) => ({ gateway, kind, target: { sessionKey: key }, params }));

export const bulkTitle = ({ label }: BulkKind, count: number): string =>
  `${label} ${plural(count, 'session')}`;
