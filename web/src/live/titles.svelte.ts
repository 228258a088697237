import { type ChangeSet, type Cursor, fetchEvents, fetchSession } from '../api/client';
import { cursorOf } from '../model/cursor';
import { sessionKey } from '../model/keys';
import type { FleetCopy } from './fleet.svelte';
import { Pace } from './pace';

/** How many titles are kept; the oldest go first. */
const most = 20_000;
/** How many sessions that are gone are looked up at most, and how far back for each. */
const mostLookups = 200;
const mostPages = 4;

/** The titles of sessions that the stream or the journal told of, also of those that are gone: sentences still speak of them. */
export class SessionTitles {
  readonly #titles = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #needed = new Set<string>();
  /** Changes when a title was looked up. */
  #version = $state(0);
  readonly #pace = new Pace(() => {
    this.#version += 1;
  }, 100);
  /** One after the other: nobody waits for a title. */
  #queue: Promise<void> = Promise.resolve();

  constructor(fleet: FleetCopy) {
    fleet.listen(({ changes }) => {
      for (const [key, row] of changes?.sessions ?? []) if (row?.title) this.#keep(key, row.title);
    });
  }

  /** Null where it is not known. Follows what is looked up, and not what the stream tells. */
  readonly of = (gateway: string, key: string): string | null => {
    void this.#version;
    return this.#titles.get(sessionKey(gateway, key)) ?? null;
  };

  /** Looks up what a session was called that the entries say is gone. Entries of the journal name it by its key alone. */
  lookUp(entries: readonly ChangeSet[]): void {
    for (const entry of entries) {
      for (const { gateway, key } of entry.sessions?.remove ?? []) {
        this.#ask(gateway, key, cursorOf(entry));
      }
    }
  }

  /** Reads what a session is called that nobody has told of yet; once. */
  need(gateway: string, key: string): void {
    const name = sessionKey(gateway, key);
    if (this.#titles.has(name) || this.#needed.has(name) || this.#needed.size >= mostLookups)
      return;
    this.#needed.add(name);
    this.#queue = this.#queue.then(async () => {
      const result = await fetchSession(gateway, key);
      if (!result.ok || result.value.title === null) return;
      this.#keep(name, result.value.title);
      this.#pace.ask();
    });
  }

  #ask(gateway: string, key: string, before: Cursor): void {
    const name = sessionKey(gateway, key);
    if (this.#titles.has(name) || this.#asked.has(name) || this.#asked.size >= mostLookups) return;
    this.#asked.add(name);
    this.#queue = this.#queue.then(async () => {
      const title = await findTitle(gateway, key, before);
      if (title === null) return;
      this.#keep(name, title);
      this.#pace.ask();
    });
  }

  #keep(key: string, title: string): void {
    this.#titles.set(key, title);
    if (this.#titles.size <= most) return;
    for (const [oldest] of this.#titles) {
      this.#titles.delete(oldest);
      return;
    }
  }
}

async function findTitle(gateway: string, key: string, end: Cursor): Promise<string | null> {
  let before: Cursor | null = end;
  for (let page = 0; page < mostPages && before !== null; page += 1) {
    const result = await fetchEvents({ session: `${gateway}/${key}`, before, limit: 5 });
    if (!result.ok) return null;
    const title = titleIn(result.value.events, key);
    if (title !== null) return title;
    before = result.value.before ?? null;
  }
  return null;
}

const titleIn = (entries: readonly ChangeSet[], key: string): string | null =>
  entries
    .flatMap(({ sessions }) => sessions?.upsert ?? [])
    .findLast((row) => row.key === key && row.title !== null)?.title ?? null;
