import type {
  Agent,
  Approval,
  ChangeSet,
  Command,
  CronJob,
  Gateway,
  Presence,
  Session,
} from '../api/client';
import { agentKey, presenceKey, rowKey, sessionKey } from '../model/keys';

/** Rows that changed: the latest state of each, null if it is gone. */
export interface Changes {
  gateways: Map<string, Gateway | null>;
  agents: Map<string, Agent | null>;
  sessions: Map<string, Session | null>;
  presence: Map<string, Presence | null>;
  approvals: Map<string, Approval | null>;
  commands: Map<string, Command | null>;
  cron: Map<string, CronJob | null>;
}

/** The sum of entries, oldest first. */
export function sumOf(entries: readonly ChangeSet[]): Changes {
  const sum: Changes = {
    gateways: new Map(),
    agents: new Map(),
    sessions: new Map(),
    presence: new Map(),
    approvals: new Map(),
    commands: new Map(),
    cron: new Map(),
  };
  for (const entry of entries) add(sum, entry);
  return sum;
}

function add(sum: Changes, entry: ChangeSet): void {
  const { gateways, agents, sessions, presence } = entry;
  put(sum.approvals, entry.approvals);
  put(sum.commands, entry.commands);
  put(sum.cron, entry.cron);
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

interface Group<Row> {
  upsert?: Row[];
  remove?: { gateway: string; id: string }[];
}

function put<Row extends { gateway: string; id: string }>(
  rows: Map<string, Row | null>,
  group: Group<Row> | undefined,
): void {
  for (const row of group?.upsert ?? []) rows.set(rowKey(row), row);
  for (const gone of group?.remove ?? []) rows.set(rowKey(gone), null);
}
