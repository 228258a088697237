import type { ChangeSet, FleetSnapshot } from '../api/client';
import { sequenceOf } from '../model/cursor';
import type { Backoff } from './backoff';
import type { Connection } from './protocol';
import { EventParser, type ServerSentEvent } from './sse';
import type { FleetState } from './state';

/** Asked for in the stream's address, in seconds. */
const heartbeat = 2;
/** After more than two heartbeats of silence it is told: nobody decides on a page that is more than a few seconds old. */
const quietAfterMs = 6_000;
/** After so much silence the stream counts as dead. */
const deadAfterMs = 20_000;
/** After a sleep we wait less: a little more than one heartbeat. */
const suspectAfterMs = 8_000;
const watchEveryMs = 1_000;
/** A server that lives begins to answer sooner. */
const answerWithinMs = 10_000;

const noAnswer = 'Control Center does not answer.';
const notItself =
  'Something else answers in place of Control Center, a proxy or a login page perhaps.';

/** What happens on the stream. */
export interface StreamListener {
  connection(connection: Connection): void;
  /** Applied to the state already. */
  entry(entry: ChangeSet): void;
  /** A piece of the stream was read to its end: a good moment to pass on what came. */
  caughtUp(): void;
  /** The state was loaded or cleared. What was known before is void. */
  startOver(): void;
  /** What the server's clock said, just now. */
  serverTime(at: number): void;
}

/** What the stream needs of the world. */
export interface World {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  setTimeout: (callback: () => void, ms: number) => unknown;
  setInterval: (callback: () => void, ms: number) => unknown;
  clearInterval: (timer: never) => void;
}

class SignedOut extends Error {}

/** An end of the connection, told to people in its own words. */
class Loss extends Error {}

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
      return this.#lost('Control Center closed the connection.');
    } catch (error) {
      if (error instanceof SignedOut) return this.#signedOut();
      return this.#lost(error instanceof Loss ? error.message : noAnswer);
    }
  }

  async #loadSnapshot(): Promise<void> {
    const response = await this.#request('/api/v1/fleet', 'application/json');
    this.state.load((await response.json()) as FleetSnapshot);
    this.listener.startOver();
  }

  async #follow(): Promise<void> {
    const url = `/api/v1/stream?after=${this.state.cursor ?? '0'}&heartbeat=${String(heartbeat)}`;
    const response = await this.#request(url, 'text/event-stream');
    if (!response.body) throw new Loss(notItself);
    const watch = this.#watch();
    try {
      await this.#read(response.body);
    } finally {
      this.world.clearInterval(watch as never);
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let comments = 0;
    const parser = new EventParser((text) => {
      comments += 1;
      // The first one is the server's hello: whoever gets that and no more must not ask again and again.
      if (comments > 1) this.backoff.reset();
      this.#hearTime(text);
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#lastBytesAt = this.world.now();
      const events = parser.feed(decoder.decode(value, { stream: true }));
      if (events.length > 0) this.backoff.reset();
      if (events.length + comments > 0) this.#isLive();
      for (const event of events) this.#take(event);
      this.listener.caughtUp();
    }
  }

  #isLive(): void {
    if (this.#announced?.state === 'live') return;
    this.#announce({ state: 'live', since: this.world.now(), retryAt: null, reason: null });
  }

  // In whole seconds; a busy stream has no heartbeats that tell it better.
  #hearDate(date: string | null): void {
    const at = date === null ? Number.NaN : Date.parse(date);
    if (!Number.isNaN(at)) this.listener.serverTime(at + 500);
  }

  #hearTime(comment: string): void {
    const at = /^at (\d{1,15})$/.exec(comment)?.[1];
    if (at !== undefined) this.listener.serverTime(Number(at));
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
    throw new Loss(reason);
  }

  async #request(url: string, type: string): Promise<Response> {
    const init = {
      signal: this.#abort.signal,
      credentials: 'same-origin',
      cache: 'no-store',
    } as const;
    const response = await this.#patiently(this.world.fetch(url, init));
    if (response.status === 401) throw new SignedOut();
    if (!response.ok) throw new Loss(`Control Center answered ${String(response.status)}.`);
    if (!(response.headers.get('Content-Type') ?? '').startsWith(type)) throw new Loss(notItself);
    this.#hearDate(response.headers.get('Date'));
    return response;
  }

  // A server that stands still accepts connections, and never answers.
  async #patiently(response: Promise<Response>): Promise<Response> {
    const abort = this.#abort;
    const timer = this.world.setInterval(() => {
      abort.abort();
    }, answerWithinMs);
    try {
      return await response;
    } finally {
      this.world.clearInterval(timer as never);
    }
  }

  #watch(): unknown {
    const abort = this.#abort;
    this.#lastBytesAt = this.world.now();
    return this.world.setInterval(() => {
      const silence = this.world.now() - this.#lastBytesAt;
      if (silence > deadAfterMs) abort.abort();
      else if (silence > quietAfterMs) this.#tellQuiet();
    }, watchEveryMs);
  }

  #tellQuiet(): void {
    if (this.#announced?.state !== 'live') return;
    const since = this.#lastBytesAt;
    this.#announce({ state: 'quiet', since, retryAt: since + deadAfterMs, reason: null });
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

  // If a loss lasts, its first moment counts; the silence before it is part of it.
  #announce(connection: Connection): void {
    const before = this.#announced;
    const same =
      before?.state === connection.state ||
      (before?.state === 'quiet' && connection.state === 'lost');
    this.#announced = { ...connection, since: same && before ? before.since : connection.since };
    this.listener.connection(this.#announced);
  }
}
