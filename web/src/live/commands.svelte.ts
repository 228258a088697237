import {
  type Command,
  type Failure,
  fetchCommands,
  giveCommand,
  type Order,
  type Result,
  type Target,
  withdrawCommand,
} from '../api/client';
import { roleFor } from '../model/command_words';
import { rowKey } from '../model/keys';
import { speaks } from '../model/status';
import type { FleetCopy } from './fleet.svelte';
import type { Account } from './account.svelte';
import { wallClock } from './wall_clock';

/** How many are kept; the oldest go first. */
const most = 1_000;
/** Pauses before the same command is given again that Control Center did not answer to. Its key makes that harmless. */
const pausesMs = [0, 1_000, 3_000];

/** A command on its way to Control Center, or one that it did not take. */
export interface Attempt {
  order: Order;
  /** Null while it is asked. */
  failure: Failure | null;
  at: number;
}

/** What is known of the latest command of some kinds on a target: on its way to us, refused by us, or a row. */
export type Latest =
  { attempt: Attempt; command: null } | { attempt: null; command: Command } | null;

/** What somebody told gateways, here or elsewhere, and what became of it. */
export class Commands {
  version = $state(0);
  readonly #rows = new Map<string, Command>();
  readonly #byTarget = new Map<string, Set<string>>();
  readonly #attempts = new Map<string, Attempt>();
  #read = false;

  constructor(
    private readonly fleet: FleetCopy,
    private readonly account: Account,
    private readonly pauses: readonly number[] = pausesMs,
  ) {
    fleet.listen(({ changes, everything }) => {
      if (everything) this.#read = false;
      for (const row of changes?.commands.values() ?? []) if (row) this.#put(row);
      if (changes && changes.commands.size > 0) this.version += 1;
    });
  }

  /** Reads those of before, once: what was told before this page was opened. Made for an effect. */
  follow(): void {
    void this.fleet.generation;
    if (this.#read) return;
    this.#read = true;
    void this.#readLatest();
  }

  row(gateway: string, id: string): Command | undefined {
    void this.version;
    return this.#rows.get(rowKey({ gateway, id }));
  }

  /** All that are known, the newest first. */
  get all(): Command[] {
    void this.version;
    return [...this.#rows.values()].sort((a, b) => b.id.localeCompare(a.id));
  }

  /** The latest of these kinds on a target. Follows it. */
  latest(gateway: string, target: Target, kinds: readonly string[]): Latest {
    void this.version;
    const place = placeOf(gateway, target);
    const attempts = kinds.flatMap((kind) => this.#attempts.get(`${kind} ${place}`) ?? []);
    const attempt = attempts.sort((a, b) => b.at - a.at)[0];
    if (attempt) return { attempt, command: null };
    const rows = [...(this.#byTarget.get(place) ?? [])]
      .flatMap((key) => this.#rows.get(key) ?? [])
      .filter(({ kind }) => kinds.includes(kind))
      .sort((a, b) => b.id.localeCompare(a.id));
    return rows[0] ? { attempt: null, command: rows[0] } : null;
  }

  /** Tells a gateway something. Does not throw. */
  async give(order: Order): Promise<Result<Command>> {
    const place = `${order.kind} ${placeOf(order.gateway, order.target)}`;
    this.#attempts.set(place, { order, failure: null, at: wallClock() });
    this.version += 1;
    const result = await this.#ask(order);
    if (result.ok) {
      this.#attempts.delete(place);
      this.#put(result.value);
    } else this.#attempts.set(place, { order, failure: result.failure, at: wallClock() });
    this.version += 1;
    return result;
  }

  /** Takes back what was not sent yet. */
  async withdraw({ id }: Command): Promise<Result<Command>> {
    const result = await withdrawCommand(id);
    if (result.ok) this.#put(result.value);
    this.version += 1;
    return result;
  }

  /** Forgets that a command was not taken. */
  dismiss({ order }: Attempt): void {
    this.#attempts.delete(`${order.kind} ${placeOf(order.gateway, order.target)}`);
    this.version += 1;
  }

  /** Whether it is worth to show what tells a gateway something of this kind: not whether it would work this moment. */
  offers(kind: string, gatewayName: string): boolean {
    const gateway = this.fleet.gateway(gatewayName);
    if (!gateway || !this.account.may(roleFor(kind))) return false;
    return gateway.can.includes(kind) || (gateway.access !== 'read' && gateway.state !== 'live');
  }

  /** Why it cannot be told now, as a sentence; null where it can. */
  hindrance(kind: string, gatewayName: string): string | null {
    const gateway = this.fleet.gateway(gatewayName);
    const least = roleFor(kind);
    if (this.fleet.connection.state !== 'live') {
      return 'This page is behind Control Center. Wait until it is live again.';
    }
    if (!this.account.may(least)) return roleSentence(this.account.who?.role, least);
    if (!gateway) return `There is no gateway ${gatewayName} any more.`;
    if (gateway.access === 'read') {
      return `Control Center may only read from ${gatewayName}. CONTROL_CENTER_GATEWAY_ACCESS, or access of this gateway, set to operate or admin would allow this.`;
    }
    if (!speaks(gateway) || gateway.state !== 'live') return `${gatewayName} is not connected.`;
    if (!gateway.can.includes(kind)) {
      return `${gatewayName} does not offer this, or has not granted it to Control Center.`;
    }
    return null;
  }

  async #ask(order: Order): Promise<Result<Command>> {
    const key = drawKey();
    let result = await giveCommand(order, key);
    for (const pause of this.pauses.slice(1)) {
      if (result.ok || result.failure.status !== 0) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
      result = await giveCommand(order, key);
    }
    return result;
  }

  async #readLatest(): Promise<void> {
    const result = await fetchCommands({ sort: '-id', limit: 200 });
    if (!result.ok) {
      this.#read = false;
      return;
    }
    for (const row of result.value.items) this.#put(row);
    this.version += 1;
  }

  #put(row: Command): void {
    const key = rowKey(row);
    const known = this.#rows.get(key);
    if (known && known.version > row.version) return;
    this.#rows.set(key, row);
    const place = placeOf(row.gateway, row.target);
    const here = this.#byTarget.get(place) ?? new Set();
    this.#byTarget.set(place, here.add(key));
    if (this.#rows.size > most) this.#dropOldest();
  }

  #dropOldest(): void {
    const [oldest] = this.#rows;
    if (!oldest) return;
    const [key, row] = oldest;
    this.#rows.delete(key);
    const place = placeOf(row.gateway, row.target);
    const here = this.#byTarget.get(place);
    here?.delete(key);
    if (here?.size === 0) this.#byTarget.delete(place);
  }
}

const placeOf = (gateway: string, target: Target): string =>
  [gateway, ...Object.entries(target).flat()].join('\0');

function roleSentence(role: string | undefined, least: string): string {
  return role === undefined
    ? 'It is not known yet who is signed in.'
    : `You are signed in as ${role}: this takes the role ${least}.`;
}

// Not randomUUID: browsers have that in secure contexts only, and a home network may be none.
function drawKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
