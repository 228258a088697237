import type { Agent, ChangeSet, Gateway, Presence, Session } from '../api/client';
import { agentKey, presenceKey, sessionKey } from '../model/keys';

/** Rows that changed: the latest state of each, null if it is gone. */
export interface Changes {
  gateways: Map<string, Gateway | null>;
  agents: Map<string, Agent | null>;
  sessions: Map<string, Session | null>;
  presence: Map<string, Presence | null>;
}

/** The sum of entries, oldest first. */
export function sumOf(entries: readonly ChangeSet[]): Changes {
  const sum: Changes = {
    gateways: new Map(),
    agents: new Map(),
    sessions: new Map(),
    presence: new Map(),
  };
  for (const entry of entries) add(sum, entry);
  return sum;
}

function add(sum: Changes, { gateways, agents, sessions, presence }: ChangeSet): void {
  for (const row of gateways?.upsert ?? []) sum.gateways.set(row.name, row);
  for (const { name } of gateways?.remove ?? []) sum.gateways.set(name, null);
  for (const row of agents?.upsert ?? []) sum.agents.set(agentKey(row.gateway, row.id), row);
  for (const { gateway, id } of agents?.remove ?? []) sum.agents.set(agentKey(gateway, id), null);
  for (const row of sessions?.upsert ?? []) sum.sessions.set(sessionKey(row.gateway, row.key), row);
  for (const { gateway, key } of sessions?.remove ?? [])
    sum.sessions.set(sessionKey(gateway, key), null);
  for (const row of presence?.upsert ?? []) sum.presence.set(presenceKey(row.gateway, row.id), row);
  for (const { gateway, id } of presence?.remove ?? [])
    sum.presence.set(presenceKey(gateway, id), null);
}
