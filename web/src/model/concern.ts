import type { ChangeSet } from '../api/client';
import type { Subject } from './sentence';

/** What a list of entries is about. For a gateway only its own row, which tells how the connection went. */
export type Concern = Subject;

/** Whether the entry changes it, or for an agent one of its sessions. The same rule as the API's filters have. */
export function touches(entry: ChangeSet, concern: Concern): boolean {
  if (entry.gateway !== concern.gateway) return false;
  switch (concern.kind) {
    case 'agent':
      return touchesAgent(entry, concern.id);
    case 'session':
      return any(entry.sessions, (row) => row.key === concern.key);
    case 'gateway':
      return any(entry.gateways, (row) => row.name === concern.gateway);
  }
}

function touchesAgent(entry: ChangeSet, id: string): boolean {
  const ofAgent = (entry.sessions?.upsert ?? []).some((row) => row.agentId === id);
  return ofAgent || any(entry.agents, (row) => row.id === id);
}

interface Group<Row, Identity> {
  upsert?: Row[];
  remove?: Identity[];
}

function any<Identity>(
  group: Group<Identity, Identity> | undefined,
  is: (row: Identity) => boolean,
): boolean {
  return [...(group?.upsert ?? []), ...(group?.remove ?? [])].some(is);
}
