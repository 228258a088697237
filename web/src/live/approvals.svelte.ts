import {
  type Approval,
  type Command,
  fetchApproval,
  fetchApprovals,
  type Page,
  type Result,
} from '../api/client';
import { compareApprovals, isPending } from '../model/approval';
import { rowKey } from '../model/keys';
import type { Commands } from './commands.svelte';
import type { FleetCopy } from './fleet.svelte';
import { LiveRows } from './live_rows.svelte';

/** So many that ended while we were away are looked up one by one. */
const mostLookups = 50;

/** What agents ask of persons: all that waits, and what became of those that were seen here while they waited. */
export class Approvals {
  readonly #rows: LiveRows<Approval>;
  /** What waits, in the order in which it expires. */
  readonly pending = $derived.by(() => this.all.filter(isPending).sort(compareApprovals));

  constructor(
    fleet: FleetCopy,
    private readonly commands: Commands,
  ) {
    this.#rows = new LiveRows<Approval>(fleet, {
      load: () => this.#load(),
      keyOf: rowKey,
      changed: ({ approvals }) => approvals,
      belongs: () => true,
    });
  }

  get all(): readonly Approval[] {
    void this.#rows.version;
    return [...this.#rows.rows.values()];
  }

  get loaded(): boolean {
    return this.#rows.loaded;
  }

  get failure() {
    return this.#rows.failure;
  }

  readonly rowOf = (key: string): Approval | undefined => this.#rows.rowOf(key);

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    return this.#rows.follow();
  }

  reload(): void {
    void this.#rows.load();
  }

  /** What waits for somebody in a session. */
  ofSession(gateway: string, key: string): readonly Approval[] {
    return this.pending.filter((row) => row.gateway === gateway && row.sessionKey === key);
  }

  ofAgent(gateway: string, id: string): readonly Approval[] {
    return this.pending.filter((row) => row.gateway === gateway && row.agentId === id);
  }

  /** Decides what was seen: where it has changed since, nothing is done, and the row as it is now is shown. */
  async decide(
    row: Approval,
    kind: string,
    params: Record<string, unknown>,
  ): Promise<Result<Command>> {
    const { gateway, id, version } = row;
    const order = { gateway, kind, target: { approvalId: id }, params, expect: { version } };
    const result = await this.commands.give(order);
    const now = result.ok ? null : result.failure.problem?.['row'];
    if (isApproval(now)) this.#rows.take(now);
    return result;
  }

  async #load(): Promise<Result<Page<Approval>>> {
    const seen = [...this.#rows.rows.values()];
    const page = await fetchApprovals({ status: 'pending', sort: 'expiresAt', limit: 1_000 });
    if (!page.ok) return page;
    const here = new Set(page.value.items.map(rowKey));
    const left = seen.filter((row) => isPending(row) && !here.has(rowKey(row)));
    const fates = await Promise.all(left.slice(0, mostLookups).map(fateOf));
    const ended = [...seen.filter((row) => !isPending(row)), ...fates.flat()];
    const items = [...page.value.items, ...ended.filter((row) => !here.has(rowKey(row)))];
    return { ok: true, value: { ...page.value, items } };
  }
}

async function fateOf({ gateway, id }: Approval): Promise<Approval[]> {
  const result = await fetchApproval(gateway, id);
  return result.ok ? [result.value] : [];
}

const isApproval = (row: unknown): row is Approval =>
  typeof row === 'object' && row !== null && 'decisions' in row && 'version' in row;
