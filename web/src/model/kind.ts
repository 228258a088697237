import type { ChangeSet } from '../api/client';

/** Kinds of entries, as the stream names them. */
export const kinds = [
  {
    id: 'agent.update',
    label: 'Agents',
    about: 'What agents do: runs, approvals, stalls, settings',
  },
  {
    id: 'approval.update',
    label: 'Approvals',
    about: 'What agents ask of persons, and how it was decided',
  },
  {
    id: 'command.update',
    label: 'Commands',
    about: 'What persons told gateways, and what became of it',
  },
  { id: 'cron.update', label: 'Schedule', about: 'Jobs that came, changed, ran or went' },
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
  command: 'command.update',
  cron: 'cron.update',
};

/** The same rule as the server's `types` has. */
export const kindOf = ({ cause, approvals }: ChangeSet): Kind =>
  cause === 'approval' && approvals !== undefined ? 'approval.update' : byCause[cause];

/**
 * Whether the entry is of a kind. A sync that says how a gateway stands is about its connection too, and an approval that an agent
 * waits for is about the agent.
 */
export function isOfKind(entry: ChangeSet, kind: Kind): boolean {
  const own = kindOf(entry);
  if (own === kind) return true;
  if (kind === 'agent.update') return own === 'approval.update' && entry.agents !== undefined;
  return kind === 'gateway.update' && entry.gateways !== undefined;
}

/** The server's `types` that hold all entries of the kinds; the same list where these hold nothing else. */
export function typesOf(wanted: readonly Kind[]): readonly Kind[] {
  const more = companions.flatMap(([kind, other]) =>
    wanted.includes(kind) && !wanted.includes(other) ? [other] : [],
  );
  return more.length > 0 ? [...wanted, ...more] : wanted;
}

/** Kinds of which some entries are about another kind too. */
const companions: readonly (readonly [Kind, Kind])[] = [
  ['gateway.update', 'fleet.update'],
  ['agent.update', 'approval.update'],
];
