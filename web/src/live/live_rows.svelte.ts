import { untrack } from 'svelte';
import { sequenceOf } from '../model/cursor';
import type { Failure, Page, Result } from '../api/client';
import type { Changes } from './changes';
import type { FleetCopy } from './fleet.svelte';
import type { Connection } from './protocol';

/** How to load the rows, and which changed rows belong to the list. A page with an empty cursor is of no moment that is known. */
export interface RowSource<Row> {
  load: () => Promise<Result<Page<Row>>>;
  keyOf: (row: Row) => string;
  changed: (changes: Changes) => ReadonlyMap<string, Row | null>;
  belongs: (row: Row) => boolean;
}

/** The rows of one short list (an agent's sessions, a gateway's clients): read once, then kept current from the stream. */
export class LiveRows<Row extends { version: number }> {
  version = $state(0);
  loaded = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly rows = new Map<string, Row>();

  constructor(
    private readonly fleet: FleetCopy,
    private readonly source: RowSource<Row>,
  ) {}

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    untrack(() => void this.load());
    return this.fleet.listen(({ everything, changes, connection }) => {
      if (everything || this.#missed(connection)) void this.load();
      if (changes && this.#merge(this.source.changed(changes))) this.version += 1;
    });
  }

  /** A row for a table: follows the row's changes. */
  readonly rowOf = (key: string): Row | undefined => {
    void this.version;
    return this.rows.get(key);
  };

  /** A row that came by another way than the stream. */
  take(row: Row): void {
    const key = this.source.keyOf(row);
    if ((this.rows.get(key)?.version ?? 0) > row.version) return;
    this.rows.set(key, row);
    this.version += 1;
  }

  async load(): Promise<void> {
    const result = await this.source.load();
    this.failure = result.ok ? null : result.failure;
    if (!result.ok) return;
    const kept = new Map(this.rows);
    this.rows.clear();
    for (const row of result.value.items) this.rows.set(this.source.keyOf(row), row);
    // The stream may have been faster than the response: with a row that changed, or with one that is not in it at all.
    const { cursor } = result.value;
    const at = cursor === '' ? Infinity : sequenceOf(cursor);
    for (const [key, row] of kept) {
      const read = this.rows.get(key);
      if (row.version > (read?.version ?? at)) this.rows.set(key, row);
    }
    this.loaded = true;
    this.version += 1;
  }

  // What could not be read while the server was away is read once it is back.
  #missed({ state }: Connection): boolean {
    return state === 'live' && this.failure !== null && this.failure.status === 0;
  }

  #merge(changed: ReadonlyMap<string, Row | null>): boolean {
    let touched = false;
    for (const [key, row] of changed) {
      if (row && this.source.belongs(row)) {
        this.rows.set(key, row);
        touched = true;
      } else if (this.rows.delete(key)) touched = true;
    }
    return touched;
  }
}
