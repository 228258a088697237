import type { ChangeSet, FleetSnapshot } from '../api/client';
import { sequenceOf } from '../model/cursor';
import type { Backoff } from './backoff';
import type { Connection } from './protocol';
import { EventParser, type ServerSentEvent } from './sse';
import type { FleetState } from './state';

/** The server sends something at least every 15 s. After more than two of those, a stream counts as dead. */
const deadAfterMs = 35_000;
/** After a sleep we wait less: a little more than one heartbeat. */
const suspectAfterMs = 20_000;
const watchEveryMs = 5_000;

/** What happens on the stream. */
export interface StreamListener {
  connection(connection: Connection): void;
  /** Applied to the state already. */
  entry(entry: ChangeSet): void;
  /** A piece of the stream was read to its end: a good moment to pass on what came. */
  caughtUp(): void;
  /** The state was loaded or cleared. What was known before is void. */
  startOver(): void;
}

/** What the stream needs of the world. */
export interface World {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  setTimeout: (callback: () => void, ms: number) => unknown;
  setInterval: (callback: () => void, ms: number) => unknown;
  clearInterval: (timer: never) => void;
}

class SignedOut extends Error {}

/**
 * Keeps a `FleetState` at the head of the journal: loads a snapshot, follows the stream from exactly its cursor, and resumes
 * where it broke off. Runs until its page or worker ends.
 */
export class LiveStream {
  #abort = new AbortController();
  #lastBytesAt = 0;
  #cutShort: (() => void) | null = null;
  #hurry = false;
  #announced: Connection | null = null;

  constructor(
    private readonly state: FleetState,
    private readonly listener: StreamListener,
    private readonly backoff: Backoff,
    private readonly world: World,
  ) {}

  async run(): Promise<never> {
    for (;;) {
      const connection = await this.#attempt();
      if (this.#hurry) continue;
      await this.#pause(connection);
    }
  }

  /** Call it when the stream may have died unnoticed: after a sleep, when the network is back, when a page is shown again. */
  wake(): void {
    if (this.#cutShort) this.reconnect();
    else if (this.world.now() - this.#lastBytesAt > suspectAfterMs) this.reconnect();
  }

  /** Disconnects and tries again at once. */
  reconnect(): void {
    this.#hurry = true;
    this.#abort.abort();
    this.#cutShort?.();
  }

  /** Forgets the rows, then connects again, which will need a login. */
  forget(): void {
    this.state.clear();
    this.listener.startOver();
    this.reconnect();
  }

  // Ends with how the connection stands afterwards.
  async #attempt(): Promise<Connection> {
    this.#hurry = false;
    this.#abort = new AbortController();
    try {
      if (this.state.cursor === null) await this.#loadSnapshot();
      await this.#follow();
      return this.#lost('The stream ended.');
    } catch (error) {
      if (error instanceof SignedOut) return this.#signedOut();
      return this.#lost(error instanceof Error ? error.message : String(error));
    }
  }

  async #loadSnapshot(): Promise<void> {
    const response = await this.#request('/api/v1/fleet');
    this.state.load((await response.json()) as FleetSnapshot);
    this.listener.startOver();
  }

  async #follow(): Promise<void> {
    const response = await this.#request(`/api/v1/stream?after=${this.state.cursor ?? '0'}`);
    if (!response.body) throw new Error('The stream has no body.');
    const watch = this.#watch();
    try {
      await this.#read(response.body);
    } finally {
      this.world.clearInterval(watch as never);
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    this.#announce({ state: 'live', since: this.world.now(), retryAt: null, reason: null });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#lastBytesAt = this.world.now();
      this.backoff.reset();
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) this.#take(event);
      this.listener.caughtUp();
    }
  }

  #take(event: ServerSentEvent): void {
    if (event.type === 'reset')
      this.#loseTrack('The journal is not the one that was read; starting over.');
    if (event.data === null) return;
    const entry = this.#parse(event.data);
    const at = this.state.cursor === null ? null : sequenceOf(this.state.cursor);
    if (at !== null && entry.seq > at + 1) this.#loseTrack('Entries are missing; starting over.');
    if (this.state.apply(entry)) this.listener.entry(entry);
  }

  #parse(data: string): ChangeSet {
    try {
      return JSON.parse(data) as ChangeSet;
    } catch {
      return this.#loseTrack('An entry could not be read; starting over.');
    }
  }

  // Keeps the rows until the snapshot is here: stale is better than blank.
  #loseTrack(reason: string): never {
    this.state.cursor = null;
    this.#abort.abort();
    throw new Error(reason);
  }

  async #request(url: string): Promise<Response> {
    const init = {
      signal: this.#abort.signal,
      credentials: 'same-origin',
      cache: 'no-store',
    } as const;
    const response = await this.world.fetch(url, init);
    if (response.status === 401) throw new SignedOut();
    if (!response.ok) throw new Error(`Control Center answered ${String(response.status)}.`);
    return response;
  }

  #watch(): unknown {
    const abort = this.#abort;
    this.#lastBytesAt = this.world.now();
    return this.world.setInterval(() => {
      if (this.world.now() - this.#lastBytesAt > deadAfterMs) abort.abort();
    }, watchEveryMs);
  }

  #lost(reason: string): Connection {
    const now = this.world.now();
    return { state: 'lost', since: now, retryAt: now + this.backoff.next(), reason };
  }

  // The next user of this browser must not get these rows. Pages that show them keep their own copy.
  #signedOut(): Connection {
    this.state.clear();
    return { state: 'signed-out', since: this.world.now(), retryAt: null, reason: null };
  }

  #pause(connection: Connection): Promise<void> {
    this.#announce(connection);
    return new Promise((resolve) => {
      const end = () => {
        this.#cutShort = null;
        resolve();
      };
      this.#cutShort = end;
      if (connection.retryAt === null) return;
      const timer = () => {
        if (this.#cutShort === end) end();
      };
      this.world.setTimeout(timer, connection.retryAt - this.world.now());
    });
  }

  // If a loss lasts, its first moment counts.
  #announce(connection: Connection): void {
    const since =
      this.#announced?.state === connection.state ? this.#announced.since : connection.since;
    this.#announced = { ...connection, since };
    this.listener.connection(this.#announced);
  }
}
