import { type ChangeSet, type Failure, fetchEvents, type Query } from '../api/client';
import { fleet } from '../live/fleet.svelte';
import { upTo } from '../model/cursor';
import { touches, type Concern } from '../model/concern';

const pageSize = 100;
const mostPages = 8;

/**
 * The journal's entries of one concern (an agent, a session, a gateway), oldest first: the latest page, those that come
 * since, and older ones on demand.
 */
export class History {
  entries = $state.raw<readonly ChangeSet[]>([]);
  failure = $state.raw<Failure | null>(null);
  loading = $state(true);
  /** Where older entries end; null: nothing older is kept. */
  #before = $state<string | null>(null);
  readonly #filter: Query;

  constructor(private readonly concern: Concern) {
    this.#filter = filterOf(concern);
    this.#before = newest();
  }

  get more(): boolean {
    return this.#before !== null;
  }

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    void this.older();
    return fleet.listen(({ everything, entries }) => {
      if (everything) this.#startOver();
      const own = entries.filter((entry) => touches(entry, this.concern));
      if (own.length > 0)
        this.entries = [...this.entries, ...own.filter((entry) => this.#isNew(entry))];
    });
  }

  /** Loads what is older. The server looks through so much at a time; a few times are worth the wait, then it asks again. */
  async older(): Promise<void> {
    const enough = this.entries.length + pageSize / 4;
    for (let page = 0; page < mostPages && this.entries.length < enough; page += 1) {
      if (!(await this.#page())) return;
    }
  }

  // False where there is nothing to go on with.
  async #page(): Promise<boolean> {
    const before = this.#before;
    if (before === null) return false;
    this.loading = true;
    const result = await fetchEvents({ ...this.#filter, before, limit: pageSize });
    if (this.#before !== before) return false;
    this.loading = false;
    this.failure = result.ok ? null : result.failure;
    if (!result.ok) return false;
    this.#before = result.value.before ?? null;
    const own = result.value.events.filter((entry) => touches(entry, this.concern));
    this.entries = [...own, ...this.entries];
    return true;
  }

  #startOver(): void {
    this.entries = [];
    this.#before = newest();
    void this.older();
  }

  #isNew(entry: ChangeSet): boolean {
    return entry.seq > (this.entries.at(-1)?.seq ?? 0);
  }
}

// Where the page stands: what comes later comes by the stream.
const newest = () => (fleet.cursor === null ? null : upTo(fleet.cursor));

// The first slash divides: no gateway's name holds one.
function filterOf(concern: Concern): Query {
  switch (concern.kind) {
    case 'agent':
      return { agent: `${concern.gateway}/${concern.id}` };
    case 'session':
      return { session: `${concern.gateway}/${concern.key}` };
    case 'gateway':
      return { gateway: concern.gateway, types: 'gateway.update,fleet.update' };
  }
}
