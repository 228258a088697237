import { type Agent, type ChangeSet, type Cursor, fetchEvents, type Gateway } from '../api/client';
import { upTo } from '../model/cursor';
import { compareGateways, shownStatus, type Status, statuses } from '../model/status';
import { sumOf, type Changes } from './changes';
import { serverClock } from './clock.svelte';
import { connect, type Line } from './connect';
import { isSignedIn } from './signed_in';
import { wallClock } from './wall_clock';
import { agentKey } from '../model/keys';
import type { Delivery, Everything, Connection } from './protocol';

/** A delivery with its changes summed up. `changes` is null if everything was replaced. */
export interface News extends Delivery {
  changes: Changes | null;
}

export type Listener = (news: News) => void;

const mostRecent = 200;

/**
 * The page's copy of the fleet. Rows are in plain maps and are replaced, never changed. What reads `agents`, `agent`, `gateway`
 * or `status` in an effect or a template follows it: it runs again when any row did change, at most once per frame.
 */
export class FleetCopy {
  connection = $state.raw<Connection>({
    state: isSignedIn() ? 'connecting' : 'signed-out',
    since: wallClock(),
    retryAt: null,
    reason: null,
  });
  cursor = $state.raw<Cursor | null>(null);
  /** The commit time of the last entry applied. */
  asOf = $state.raw<number | null>(null);
  /** False until the first snapshot is there, and after signing out. */
  loaded = $state(false);
  version = $state(0);
  /** If it changes, lists have to be read again. */
  generation = $state(0);
  sessionCount = $state(0);
  /** The most severe first. */
  gatewayRows = $state.raw<readonly Gateway[]>([]);
  /** How many agents are shown with each status. */
  counts = $state.raw<Record<Status, number>>(noCounts());
  /** The latest entries, oldest first. */
  recent = $state.raw<readonly ChangeSet[]>([]);

  /** Whether it goes on while the page is hidden: somebody is to be notified. */
  followsHidden = false;

  readonly #gateways = new Map<string, Gateway>();
  readonly #agents = new Map<string, Agent>();
  /** How many agents bear each name. */
  readonly #names = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  #line: Line | null = null;

  start(): void {
    const take = (delivery: Delivery) => {
      this.apply(delivery);
    };
    this.#line ??= connect(take, isSignedIn(), () => this.followsHidden);
  }

  /** After signing in. */
  reconnect(): void {
    this.#line?.say('reconnect');
  }

  /** After signing out: forgets everything. */
  forget(): void {
    this.#line?.say('signed-out');
  }

  /** Calls on each delivery until the returned function is called; made for `$effect`. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get agents(): ReadonlyMap<string, Agent> {
    void this.version;
    return this.#agents;
  }

  agent(gateway: string, id: string): Agent | undefined {
    return this.agents.get(agentKey(gateway, id));
  }

  gateway(name: string): Gateway | undefined {
    // Changes with each change of a gateway, and seldom else: a status must not cost more than that.
    void this.gatewayRows;
    return this.#gateways.get(name);
  }

  status(agent: Agent): Status {
    return shownStatus(agent, this.gateway(agent.gateway));
  }

  /** For sentences: an agent that is gone keeps its id. Does not follow: a name hardly ever changes. */
  readonly nameOf = (gateway: string, agentId: string): string =>
    this.#agents.get(agentKey(gateway, agentId))?.name ?? agentId;

  /** Whether agents of other gateways, or other agents, bear the name. Does not follow either. */
  readonly isShared = (name: string): boolean => (this.#names.get(name) ?? 0) > 1;

  apply(delivery: Delivery): void {
    if (!sameConnection(this.connection, delivery.connection))
      this.connection = delivery.connection;
    if (delivery.cursor !== null) this.cursor = delivery.cursor;
    if (delivery.ahead !== null) serverClock.ahead = delivery.ahead;
    if (delivery.asOf !== null) this.asOf = delivery.asOf;
    const changes = delivery.everything ? null : sumOf(delivery.entries);
    if (delivery.everything) this.#replace(delivery.everything, delivery.cursor !== null);
    if (delivery.everything && delivery.cursor !== null && delivery.asOf === null) {
      void this.#readAsOf(delivery.cursor);
    }
    if (changes) this.#merge(changes);
    if (delivery.entries.length > 0) {
      this.recent = [...this.recent, ...delivery.entries].slice(-mostRecent);
    }
    for (const listener of this.#listeners) listener({ ...delivery, changes });
  }

  // A snapshot does not tell when the entry that it stands at was committed; the journal does.
  async #readAsOf(cursor: Cursor): Promise<void> {
    const result = await fetchEvents({ before: upTo(cursor), limit: 1 });
    if (result.ok) this.asOf ??= result.value.events.at(-1)?.at ?? null;
  }

  #replace(everything: Everything, loaded: boolean): void {
    this.#gateways.clear();
    this.#agents.clear();
    this.#names.clear();
    for (const row of everything.gateways) this.#gateways.set(row.name, row);
    for (const row of everything.agents) this.#put(agentKey(row.gateway, row.id), row);
    this.loaded = loaded;
    this.generation += 1;
    if (!loaded) this.recent = [];
    this.#sortGateways();
    this.#count();
  }

  #merge(changes: Changes): void {
    if (changes.gateways.size > 0) {
      for (const [name, row] of changes.gateways) put(this.#gateways, name, row);
      for (const [key, row] of changes.agents) this.#put(key, row);
      this.#sortGateways();
      this.#count();
    } else if (changes.agents.size > 0) this.#mergeAgents(changes.agents);
  }

  // Counts only those that changed: a few of thousands change in a frame.
  #mergeAgents(changed: ReadonlyMap<string, Agent | null>): void {
    const counts = { ...this.counts };
    let sessions = this.sessionCount;
    const add = (agent: Agent | null | undefined, times: 1 | -1) => {
      if (!agent) return;
      counts[this.status(agent)] += times;
      sessions += times * agent.sessions;
    };
    for (const [key, row] of changed) {
      add(this.#agents.get(key), -1);
      add(row, 1);
      this.#put(key, row);
    }
    this.counts = counts;
    this.sessionCount = sessions;
    this.version += 1;
  }

  #put(key: string, row: Agent | null): void {
    this.#countName(this.#agents.get(key)?.name, -1);
    this.#countName(row?.name, 1);
    put(this.#agents, key, row);
  }

  #countName(name: string | undefined, times: 1 | -1): void {
    if (name === undefined) return;
    const bearers = (this.#names.get(name) ?? 0) + times;
    if (bearers > 0) this.#names.set(name, bearers);
    else this.#names.delete(name);
  }

  #sortGateways(): void {
    this.gatewayRows = [...this.#gateways.values()].sort(compareGateways);
  }

  #count(): void {
    const counts = noCounts();
    let sessions = 0;
    for (const agent of this.#agents.values()) {
      counts[this.status(agent)] += 1;
      sessions += agent.sessions;
    }
    this.counts = counts;
    this.sessionCount = sessions;
    this.version += 1;
  }
}

// Each delivery brings a copy. An equal one must not count as a change.
function sameConnection(a: Connection, b: Connection): boolean {
  return (
    a.state === b.state && a.since === b.since && a.retryAt === b.retryAt && a.reason === b.reason
  );
}

function put<Row>(rows: Map<string, Row>, key: string, row: Row | null): void {
  if (row === null) rows.delete(key);
  else rows.set(key, row);
}

function noCounts(): Record<Status, number> {
  return Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
}
