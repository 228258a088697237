import { fetchSession, fetchSessions, type Session } from '../api/client';
import { agentKey, sessionKey } from '../model/keys';
import type { FleetCopy } from './fleet.svelte';

/** How many of the sessions that run now are read at the start. */
const most = 1_000;
/** How many titles are kept; the oldest go first. */
const mostTitles = 20_000;
/** How many requests for a single title are under way at once. */
const mostRequests = 4;

/**
 * What agents work on: sessions that run, and the titles of sessions that were heard of. Both are read when they are first
 * needed, and kept from the stream.
 */
export class SessionsAtWork {
  #version = $state(0);
  readonly #running = new Map<string, Map<string, Session>>();
  /** By session: the agent that runs it. */
  readonly #runners = new Map<string, string>();
  readonly #titles = new Map<string, string | null>();
  #wanted: { gateway: string; key: string }[] = [];
  #requests = 0;
  #started = false;

  constructor(private readonly fleet: FleetCopy) {}

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.fleet.listen(({ everything, changes }) => {
      if (everything) void this.#load();
      if (!changes || changes.sessions.size === 0) return;
      for (const [key, row] of changes.sessions) this.#learn(key, row);
      this.#version += 1;
    });
    void this.#load();
  }

  /** The session that the agent began to work on last; null where it is not known. */
  of(gateway: string, id: string): Session | null {
    void this.#version;
    const running = [...(this.#running.get(agentKey(gateway, id))?.values() ?? [])];
    const began = ({ startedAt }: Session) => startedAt ?? 0;
    return running.sort((a, b) => began(b) - began(a))[0] ?? null;
  }

  /** The title of a session; null where it has none, or is not known yet: then it is asked for. */
  titleOf(gateway: string, key: string): string | null {
    void this.#version;
    const name = sessionKey(gateway, key);
    const title = this.#titles.get(name);
    if (title !== undefined) return title;
    this.#remember(name, null);
    this.#wanted.push({ gateway, key });
    void this.#ask();
    return null;
  }

  /** The title of a session, if it is known. Does not follow, and does not ask. */
  readonly knownTitle = (gateway: string, key: string): string | null =>
    this.#titles.get(sessionKey(gateway, key)) ?? null;

  async #load(): Promise<void> {
    const result = await fetchSessions({ status: 'running', sort: '-updatedAt', limit: most });
    if (!result.ok) return;
    this.#running.clear();
    this.#runners.clear();
    for (const row of result.value.items) this.#learn(sessionKey(row.gateway, row.key), row);
    this.#version += 1;
  }

  async #ask(): Promise<void> {
    while (this.#requests < mostRequests) {
      const next = this.#wanted.shift();
      if (!next) return;
      this.#requests += 1;
      const result = await fetchSession(next.gateway, next.key);
      this.#requests -= 1;
      if (!result.ok) continue;
      this.#learn(sessionKey(next.gateway, next.key), result.value);
      this.#version += 1;
    }
  }

  // The title of a session that is gone stays: sentences still speak of it.
  #learn(key: string, row: Session | null): void {
    this.#running.get(this.#runners.get(key) ?? '')?.delete(key);
    this.#runners.delete(key);
    if (!row) return;
    this.#remember(key, row.title);
    if (row.agentId === null || row.status !== 'running') return;
    const agent = agentKey(row.gateway, row.agentId);
    const sessions = this.#running.get(agent) ?? new Map<string, Session>();
    this.#running.set(agent, sessions.set(key, row));
    this.#runners.set(key, agent);
  }

  #remember(key: string, title: string | null): void {
    this.#titles.set(key, title);
    if (this.#titles.size <= mostTitles) return;
    for (const [oldest] of this.#titles) {
      this.#titles.delete(oldest);
      return;
    }
  }
}
