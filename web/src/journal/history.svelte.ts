import {
  type ChangeSet,
  type Cursor,
  type Failure,
  fetchEvents,
  type JournalPage,
} from '../api/client';
import type { FleetCopy } from '../live/fleet.svelte';
import type { Delivery } from '../live/protocol';
import { cursorOf, sequenceOf, upTo } from '../model/cursor';
import type { Scope } from './scope';

const mostPages = 8;
/** So many more are worth showing. */
const few = 25;
/** How many entries a live list keeps. Older ones are read again when they are needed. */
const most = 2_000;

/** Where a list begins: live at the newest entry, at a moment, or at the entry with a cursor. */
export type Start =
  { from: 'newest' } | { from: 'moment'; at: number } | { from: 'cursor'; cursor: Cursor };

/**
 * A stretch of the journal without holes, oldest first: entries of one scope. It grows at both ends on demand, and by itself
 * once its newer end is the journal's. While it is held nothing is added; what waits is counted.
 */
export class History {
  entries = $state.raw<readonly ChangeSet[]>([]);
  failure = $state.raw<Failure | null>(null);
  loading = $state(true);
  /** How many entries came while it is held. */
  waiting = $state(0);
  /** The entry that the start asked for: the first at its moment, or the one with its cursor. */
  marked = $state<number | null>(null);
  /** Where older entries end; null: nothing older is kept. */
  #before = $state<Cursor | null>(null);
  /** Where newer entries begin; null: all are here, and new ones come by the stream. */
  #after = $state<Cursor | null>(null);
  /** All entries up to this one are known. */
  #seen = 0;
  #held = false;
  #backlog: ChangeSet[] = [];
  #begun = false;
  /** Where it began last, at the newest. */
  #from: Cursor | null = null;
  #over = false;

  constructor(
    private readonly fleet: FleetCopy,
    private readonly scope: Scope,
    private readonly start: Start = { from: 'newest' },
  ) {}

  // Where most entries of a page are left out, it takes more of them.
  get #pageSize(): number {
    return this.scope.sift ? 500 : 100;
  }

  /** Whether there are older entries. */
  get more(): boolean {
    return this.#before !== null;
  }

  /** Whether new entries appear by themselves. */
  get live(): boolean {
    return this.#after === null;
  }

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    this.#over = false;
    void this.#begin();
    const deaf = this.fleet.listen((delivery) => {
      this.#hear(delivery);
    });
    return () => {
      this.#over = true;
      deaf();
    };
  }

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.release();
  }

  /** Shows what waits. */
  release(): void {
    if (this.waiting === 0) return;
    const lost = this.waiting > this.#backlog.length;
    const all = lost ? this.#backlog : [...this.entries, ...this.#backlog];
    this.#backlog = [];
    this.waiting = 0;
    this.#show(all, lost || all.length > most);
  }

  /** Reads older entries. The server searches a limited stretch per request, so this asks a few times. */
  async older(): Promise<void> {
    const enough = this.entries.length + few;
    for (let page = 0; page < mostPages && this.entries.length < enough; page += 1) {
      if (!(await this.#readOlder())) return;
    }
  }

  /** Reads what is newer, up to where the stream takes over. */
  async newer(): Promise<void> {
    const enough = this.entries.length + few;
    for (let page = 0; page < mostPages && this.entries.length < enough; page += 1) {
      if (!(await this.#readNewer())) return;
    }
  }

  /** Again, after it failed. */
  retry(): void {
    if (this.#begun) void this.older();
    else void this.#begin();
  }

  async #begin(): Promise<void> {
    this.#begun = false;
    if (this.start.from === 'newest') await this.#beginAtNewest();
    else if (this.start.from === 'cursor') await this.#beginAtCursor(this.start.cursor);
    else await this.#beginAtMoment(this.start.at);
  }

  // Keeps showing the old entries until the new ones are here. What the stream brings meanwhile is kept.
  async #beginAtNewest(): Promise<void> {
    const from = this.fleet.cursor;
    if (from === null) return;
    this.#from = from;
    this.#seen = sequenceOf(from);
    this.#backlog = [];
    this.waiting = 0;
    const page = await this.#ask({ before: upTo(from), limit: this.#pageSize });
    if (!page || this.#from !== from) return;
    this.#begun = true;
    this.#before = page.before ?? null;
    this.#show([...page.events, ...this.entries.filter((entry) => isAfter(entry, from))]);
    if (this.entries.length < few) await this.older();
  }

  async #beginAtCursor(cursor: Cursor): Promise<void> {
    this.#before = upTo(cursor);
    this.#after = cursor;
    this.#seen = sequenceOf(cursor);
    if (!(await this.#readOlder())) return;
    this.#begun = true;
    const own = this.entries.at(-1)?.seq;
    await this.newer();
    this.marked = own === sequenceOf(cursor) ? own : null;
  }

  async #beginAtMoment(at: number): Promise<void> {
    const page = await this.#ask({ at, limit: this.#pageSize });
    if (!page) return;
    this.#begun = true;
    this.#before = page.before ?? null;
    this.#after = page.cursor;
    this.#seen = sequenceOf(page.cursor);
    this.#show(page.events);
    this.#joinStream();
    await this.older();
    this.marked = page.events[0]?.seq ?? null;
  }

  // False if there is nothing to continue with.
  async #readOlder(): Promise<boolean> {
    const before = this.#before;
    if (before === null) return false;
    const page = await this.#ask({ before, limit: this.#pageSize });
    if (!page || this.#before !== before) return false;
    this.#before = page.before ?? null;
    this.#show([...page.events, ...this.entries]);
    return true;
  }

  async #readNewer(): Promise<boolean> {
    const after = this.#after;
    if (after === null) return false;
    const page = await this.#ask({ after, limit: this.#pageSize });
    if (!page || this.#after !== after) return false;
    this.#after = page.cursor;
    this.#seen = sequenceOf(page.cursor);
    this.#show([...this.entries, ...page.events]);
    this.#joinStream();
    return this.#after !== null;
  }

  // Recent entries of the stream are still at hand.
  #joinStream(): void {
    const first = this.fleet.recent[0]?.seq ?? Infinity;
    const atHead = this.fleet.cursor !== null && this.#seen >= sequenceOf(this.fleet.cursor);
    if (!atHead && first > this.#seen + 1) return;
    this.#after = null;
    this.#take(this.fleet.recent);
  }

  #hear({ everything, entries }: Delivery): void {
    if (!this.live) return;
    if (everything && this.start.from === 'newest') void this.#begin();
    else this.#take(entries);
  }

  #take(entries: readonly ChangeSet[]): void {
    const fresh = entries.filter(({ seq }) => seq > this.#seen);
    this.#seen = fresh.at(-1)?.seq ?? this.#seen;
    const own = fresh.filter((entry) => this.scope.holds(entry));
    if (own.length === 0) return;
    if (this.#held) this.#keepBack(own);
    else this.#show([...this.entries, ...own], this.entries.length + own.length > most);
  }

  #keepBack(entries: readonly ChangeSet[]): void {
    this.#backlog = [...this.#backlog, ...entries].slice(-most);
    this.waiting += entries.length;
  }

  // `cut`: the oldest entries were dropped, but can be read again.
  #show(entries: readonly ChangeSet[], cut = false): void {
    const shown = cut ? entries.slice(-most) : entries;
    this.entries = shown;
    if (cut && shown[0]) this.#before = cursorOf(shown[0]);
  }

  async #ask(place: Record<string, string | number>): Promise<JournalPage | null> {
    this.loading = true;
    const result = await fetchEvents({ ...this.scope.query, ...place });
    if (this.#over) return null;
    this.loading = false;
    this.failure = result.ok ? null : result.failure;
    if (!result.ok) return null;
    const { sift } = this.scope;
    return sift ? { ...result.value, events: sift(result.value.events) } : result.value;
  }
}

// An entry of another epoch cannot be compared.
const isAfter = (entry: ChangeSet, cursor: Cursor) =>
  entry.seq > sequenceOf(cursor) && cursor.startsWith(`${entry.epoch}-`);
