import { type Failure, fetchSessions, type Page, type Session } from '../../api/client';
import type { FleetCopy } from '../../live/fleet.svelte';
import { Pace } from '../../live/pace';
import { sessionKey } from '../../model/keys';
import { serverTime } from '../../live/clock.svelte';
import { filterFields, moves, type SessionQuery, sinceOf } from '../../model/session_list';
import type { Item } from '../../ui/table/table';
import { pageSize, type PageQuery } from './view';

const facets = [
  'status',
  'attention',
  'gateway',
  'channel',
  'kind',
  'model',
  'lastError',
  'archived',
];

/**
 * One page of the sessions in the server's order. Its rows follow the stream in place. Rows that would move, come or go are
 * counted, and change when the page is loaded again.
 */
export class SessionPage {
  items = $state.raw<readonly Item[]>([]);
  total = $state(0);
  next = $state.raw<string | null>(null);
  facets = $state.raw<Readonly<Record<string, Record<string, number>>>>({});
  loaded = $state(false);
  loading = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** How many sessions changed so that the page would look different. */
  changed = $state(0);
  version = $state(0);

  readonly #rows = new Map<string, Session>();
  #onPage: ReadonlySet<string> = new Set();
  readonly #moved = new Set<string>();
  readonly #pace = new Pace(() => {
    this.version += 1;
    this.changed = this.#moved.size;
  }, 100);
  #query: PageQuery | null = null;
  /** The beginning of the query's span when the page was read. */
  #since: number | null = null;
  #request: AbortController | null = null;

  constructor(private readonly fleet: FleetCopy) {}

  readonly rowOf = (key: string): Session | undefined => {
    void this.version;
    return this.#rows.get(key);
  };

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    const deaf = this.fleet.listen(({ everything, changes, connection }) => {
      // What could not be read while the server was away is read once it is back.
      const missed = this.failure?.status === 0 && !this.loading && connection.state === 'live';
      if (everything || missed) void this.refresh();
      else if (changes) for (const [key, row] of changes.sessions) this.#take(key, row);
    });
    return () => {
      deaf();
      this.#pace.stop();
      this.#request?.abort();
    };
  }

  /** Whether the query differs from this page's only in its text: somebody types. */
  typed(query: PageQuery): boolean {
    return this.#query !== null && this.#query.text !== query.text;
  }

  async show(query: PageQuery): Promise<void> {
    this.#query = query;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const query = this.#query;
    if (!query) return;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.loading = true;
    this.#since = sinceOf(query.within, serverTime());
    try {
      const asked = { ...query, since: this.#since };
      const result = await fetchSessions(parametersOf(asked), request.signal);
      this.loading = false;
      this.failure = result.ok ? null : result.failure;
      if (result.ok) this.#fill(result.value);
    } catch {
      // Another request took this one's place.
    }
  }

  #fill(page: Page<Session>): void {
    const known = new Map(this.#rows);
    this.#rows.clear();
    for (const row of page.items) {
      const key = sessionKey(row.gateway, row.key);
      const seen = known.get(key);
      // The stream may have been faster than the response.
      this.#rows.set(key, seen && seen.version > row.version ? seen : row);
    }
    this.#onPage = new Set(this.#rows.keys());
    this.items = [...this.#onPage].map((key) => ({ kind: 'row', key }));
    this.total = page.total;
    this.next = page.next;
    this.facets = page.facets ?? {};
    this.loaded = true;
    this.#moved.clear();
    this.changed = 0;
    this.version += 1;
  }

  #take(key: string, row: Session | null): void {
    const here = this.items.map((item) => item.key).filter((one) => this.#rows.has(one));
    const index = here.indexOf(key);
    if (row ? this.#moves(row, index, here) : index !== -1) this.#moved.add(key);
    if (row && this.#onPage.has(key)) this.#rows.set(key, row);
    if (!row) this.#rows.delete(key);
    this.#pace.ask();
  }

  #moves(row: Session, index: number, here: readonly string[]): boolean {
    if (!this.#query || !this.loaded) return false;
    const rows = here.flatMap((key) => this.#rows.get(key) ?? []);
    const ends = { first: this.#query.page === null, last: this.next === null };
    return moves(row, index, { ...this.#query, since: this.#since }, { rows, ...ends });
  }
}

function parametersOf({ text, filters, since, sort, page }: PageQuery & SessionQuery) {
  const chosen = Object.fromEntries(filterFields.map((field) => [field, filters[field]]));
  const updatedAt = since === null ? null : `${String(since)}..`;
  const listed = { limit: pageSize, facets: facets.join(',') };
  return { ...chosen, updatedAt, q: text, sort, page, ...listed };
}
