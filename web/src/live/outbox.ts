import type { Agent, ChangeSet, Gateway, Presence, Session } from '../api/client';
import { agentKey, presenceKey, sessionKey } from '../model/keys';
import type { Changes } from './protocol';

/** How many changed rows are kept for a page before it is told to start over. */
const mostRows = 5_000;
/** How many of the latest entries a page gets at once. */
const mostEntries = 200;

/**
 * What one page has not been handed yet. Bounded: of rows only the latest state counts, and a page that does not ask
 * (hidden, frozen, gone) is given everything anew instead of a backlog.
 */
export class Outbox {
  #changes = noChanges();
  #entries: ChangeSet[] = [];
  #missed = 0;
  #startOver = true;
  #touched = true;

  get empty(): boolean {
    return !this.#touched;
  }

  /** Something besides rows changed: the link, the cursor. */
  touch(): void {
    this.#touched = true;
  }

  /** The page has to start over, from the state as it is when it asks. */
  startOver(): void {
    this.#startOver = true;
    this.#changes = noChanges();
    this.touch();
  }

  add(entry: ChangeSet): void {
    this.#keepEntry(entry);
    if (!this.#startOver) this.#keepRows(entry);
    this.touch();
  }

  /** Hands over what there is and is empty afterwards. */
  take(): { startOver: boolean; changes: Changes; entries: ChangeSet[]; missedEntries: number } {
    const taken = {
      startOver: this.#startOver,
      changes: this.#changes,
      entries: this.#entries,
      missedEntries: this.#missed,
    };
    this.#entries = [];
    this.#missed = 0;
    this.#startOver = false;
    this.#touched = false;
    this.#changes = noChanges();
    return taken;
  }

  #keepEntry(entry: ChangeSet): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * mostEntries) {
      this.#missed += mostEntries;
      this.#entries = this.#entries.slice(mostEntries);
    }
  }

  #keepRows(entry: ChangeSet): void {
    collect(this.#changes, entry);
    const { gateways, agents, sessions, presence } = this.#changes;
    const rows = gateways.size + agents.size + sessions.size + presence.size;
    if (rows > mostRows) this.startOver();
  }
}

export function noChanges(): Changes {
  return {
    gateways: new Map<string, Gateway | null>(),
    agents: new Map<string, Agent | null>(),
    sessions: new Map<string, Session | null>(),
    presence: new Map<string, Presence | null>(),
  };
}

/** Adds what the entry changes; a later state of a row takes the place of an earlier one. */
export function collect(changes: Changes, entry: ChangeSet): void {
  for (const row of entry.gateways?.upsert ?? []) changes.gateways.set(row.name, row);
  for (const { name } of entry.gateways?.remove ?? []) changes.gateways.set(name, null);
  for (const row of entry.agents?.upsert ?? [])
    changes.agents.set(agentKey(row.gateway, row.id), row);
  for (const { gateway, id } of entry.agents?.remove ?? [])
    changes.agents.set(agentKey(gateway, id), null);
  for (const row of entry.sessions?.upsert ?? []) {
    changes.sessions.set(sessionKey(row.gateway, row.key), row);
  }
  for (const { gateway, key } of entry.sessions?.remove ?? []) {
    changes.sessions.set(sessionKey(gateway, key), null);
  }
  for (const row of entry.presence?.upsert ?? []) {
    changes.presence.set(presenceKey(row.gateway, row.id), row);
  }
  for (const { gateway, id } of entry.presence?.remove ?? []) {
    changes.presence.set(presenceKey(gateway, id), null);
  }
}
