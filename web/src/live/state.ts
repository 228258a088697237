import type { Agent, ChangeSet, Cursor, FleetSnapshot, Gateway } from '../api/client';
import { cursorOf, sequenceOf } from '../model/cursor';
import { agentKey } from '../model/keys';

/** The fleet as of one place in the journal. Rows are replaced, never changed. */
export class FleetState {
  readonly gateways = new Map<string, Gateway>();
  readonly agents = new Map<string, Agent>();
  cursor: Cursor | null = null;
  asOf: number | null = null;

  /** Empty, without a cursor. */
  clear(): void {
    this.gateways.clear();
    this.agents.clear();
    this.cursor = null;
    this.asOf = null;
  }

  /** Replaces everything by the snapshot. */
  load(snapshot: FleetSnapshot): void {
    this.clear();
    for (const row of snapshot.gateways) this.gateways.set(row.name, row);
    for (const row of snapshot.agents) this.agents.set(agentKey(row.gateway, row.id), row);
    this.cursor = snapshot.cursor;
  }

  /** Applies an entry that follows the cursor. False, and nothing changed, for one that is not after it. */
  apply(entry: ChangeSet): boolean {
    if (!follows(entry, this.cursor)) return false;
    for (const row of entry.gateways?.upsert ?? []) this.gateways.set(row.name, row);
    for (const { name } of entry.gateways?.remove ?? []) this.gateways.delete(name);
    for (const row of entry.agents?.upsert ?? [])
      this.agents.set(agentKey(row.gateway, row.id), row);
    for (const { gateway, id } of entry.agents?.remove ?? [])
      this.agents.delete(agentKey(gateway, id));
    this.cursor = cursorOf(entry);
    this.asOf = entry.at;
    return true;
  }
}

/** Whether the entry comes after the cursor. */
export function follows(entry: ChangeSet, cursor: Cursor | null): boolean {
  return cursor === null || entry.seq > sequenceOf(cursor);
}
