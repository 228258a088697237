import type { ChangeSet } from '../api/client';

/** Kinds of entries, as the stream names them. */
export const kinds = [
  {
    id: 'agent.update',
    label: 'Agents',
    about: 'What agents do: runs, approvals, stalls, settings',
  },
  { id: 'session.update', label: 'Sessions', about: 'Sessions that came, changed or went' },
  {
    id: 'presence.update',
    label: 'Clients',
    about: 'Programs and devices that are connected to a gateway',
  },
  {
    id: 'gateway.update',
    label: 'Connections',
    about: 'Gateways that were reached, were lost, or came into the configuration',
  },
  { id: 'fleet.update', label: 'Syncs', about: 'When all of a gateway was read' },
] as const;

export type Kind = (typeof kinds)[number]['id'];

const byCause: Record<ChangeSet['cause'], Kind> = {
  'initial-sync': 'fleet.update',
  resync: 'fleet.update',
  poll: 'fleet.update',
  configuration: 'fleet.update',
  'sessions.changed': 'session.update',
  presence: 'presence.update',
  'agent.run': 'agent.update',
  'agent.config': 'agent.update',
  approval: 'agent.update',
  stall: 'agent.update',
  connection: 'gateway.update',
  gap: 'gateway.update',
};

/** The same rule as the server's `types` has. */
export const kindOf = ({ cause }: ChangeSet): Kind => byCause[cause];

/** Whether the entry is of a kind. A sync that says how a gateway stands is about its connection too. */
export function isOfKind(entry: ChangeSet, kind: Kind): boolean {
  return kindOf(entry) === kind || (kind === 'gateway.update' && entry.gateways !== undefined);
}

/** The server's `types` that hold all entries of the kinds; the same list where these hold nothing else. */
export function typesOf(wanted: readonly Kind[]): readonly Kind[] {
  return wanted.includes('gateway.update') && !wanted.includes('fleet.update')
    ? [...wanted, 'fleet.update']
    : wanted;
}
