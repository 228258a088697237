import type { ChangeSet } from '../api/client';

/** Kinds of entries, as the stream names them. */
export const kinds = [
  { id: 'agent.update', label: 'Agents' },
  { id: 'session.update', label: 'Sessions' },
  { id: 'presence.update', label: 'Clients' },
  { id: 'gateway.update', label: 'Connections' },
  { id: 'fleet.update', label: 'Syncs' },
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
