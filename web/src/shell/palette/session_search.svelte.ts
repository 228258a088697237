import { fetchSessions, type Session } from '../../api/client';

/** While somebody types, only the final text is searched. */
const calmMs = 150;
const fewest = 2;
const most = 6;

/** The latest sessions that the server finds for a text. */
export class SessionSearch {
  found = $state.raw<readonly Session[]>([]);
  searching = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | null = null;

  ask(text: string): void {
    this.stop();
    const wanted = text.trim();
    this.searching = wanted.length >= fewest;
    if (this.searching) this.#timer = setTimeout(() => void this.#search(wanted), calmMs);
    else this.found = [];
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  async #search(q: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const result = await fetchSessions({ q, limit: most, sort: '-updatedAt' }, request.signal);
      this.found = result.ok ? result.value.items : [];
      this.searching = false;
    } catch {
      // Another letter came.
    }
  }
}
