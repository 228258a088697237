import { sessionKey } from '../model/keys';
import type { FleetCopy } from './fleet.svelte';

/** How many titles are kept; the oldest go first. */
const most = 20_000;

/** The titles of sessions that the stream told of, also of those that are gone: sentences still speak of them. */
export class SessionTitles {
  readonly #titles = new Map<string, string>();

  constructor(fleet: FleetCopy) {
    fleet.listen(({ changes }) => {
      for (const [key, row] of changes?.sessions ?? []) if (row?.title) this.#keep(key, row.title);
    });
  }

  /** Null where it is not known. Does not follow. */
  readonly of = (gateway: string, key: string): string | null =>
    this.#titles.get(sessionKey(gateway, key)) ?? null;

  #keep(key: string, title: string): void {
    this.#titles.set(key, title);
    if (this.#titles.size <= most) return;
    for (const [oldest] of this.#titles) {
      this.#titles.delete(oldest);
      return;
    }
  }
}
