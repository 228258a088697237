import type { ChangeSet } from '../api/client';

/** How many entries are kept for a page before it is told to start over. */
const most = 2_000;
/** How many of the latest entries a page gets that starts over. */
const latest = 200;

/**
 * The entries that one page has not got yet. Bounded: a page that does not ask (hidden, frozen, gone) gets everything anew
 * instead of a long queue.
 */
export class PageQueue {
  #entries: ChangeSet[] = [];
  #missed = 0;
  #startOver = true;
  #marked = true;

  get empty(): boolean {
    return !this.#marked;
  }

  /** Something besides the rows changed: the connection. */
  mark(): void {
    this.#marked = true;
  }

  /** The page has to start over, from the state at the time it asks. */
  startOver(): void {
    this.#startOver = true;
    this.mark();
  }

  add(entry: ChangeSet): void {
    this.#entries.push(entry);
    if (this.#entries.length > most) {
      this.#trim();
      this.startOver();
    }
    this.mark();
  }

  /** Hands over what there is and is empty afterwards. */
  take(): { startOver: boolean; entries: ChangeSet[]; missedEntries: number } {
    if (this.#startOver) this.#trim();
    const taken = {
      startOver: this.#startOver,
      entries: this.#entries,
      missedEntries: this.#missed,
    };
    this.#entries = [];
    this.#missed = 0;
    this.#startOver = false;
    this.#marked = false;
    return taken;
  }

  #trim(): void {
    const spare = Math.max(0, this.#entries.length - latest);
    this.#entries = this.#entries.slice(spare);
    this.#missed += spare;
  }
}
