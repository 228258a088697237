import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../api/client';
import { agent, entry, snapshot } from '../testing/rows';
import { Backoff } from './backoff';
import type { Connection } from './protocol';
import { FleetState } from './state';
import { LiveStream, type World } from './stream';

/** A server and a clock in the test's hand. Each request waits until it is answered. */
class FakeWorld implements World {
  time = 1_000_000;
  requests: { url: string; answer: (response: Response) => void; signal: AbortSignal }[] = [];
  #timers: { at: number; every: number | null; callback: () => void }[] = [];

  fetch = (url: string, init: RequestInit) =>
    new Promise<Response>((answer, refuse) => {
      const signal = init.signal ?? new AbortController().signal;
      signal.addEventListener('abort', () => {
        refuse(new Error('aborted'));
      });
      this.requests.push({ url, answer, signal });
    });
  now = () => this.time;
  setTimeout = (callback: () => void, ms: number) => this.#add(callback, ms, null);
  setInterval = (callback: () => void, ms: number) => this.#add(callback, ms, ms);
  clearInterval = (timer: never) => {
    this.#timers = this.#timers.filter((one) => one !== timer);
  };

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      if (next.every === null) this.clearInterval(next as never);
      else next.at += next.every;
      next.callback();
      await settle();
    }
    this.time = end;
    await settle();
  }

  get last() {
    const request = this.requests.at(-1);
    if (!request) throw new Error('nothing was asked for');
    return request;
  }

  #add(callback: () => void, ms: number, every: number | null): unknown {
    const timer = { at: this.time + ms, every, callback };
    this.#timers.push(timer);
    return timer;
  }
}

// Lets everything that waits for a resolved promise go on.
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

class Wire {
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly response: Response;

  constructor(signal: AbortSignal) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => (this.#controller = controller),
    });
    signal.addEventListener('abort', () => this.#controller?.error(new Error('aborted')));
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  async send(text: string): Promise<void> {
    this.#controller?.enqueue(new TextEncoder().encode(text));
    await settle();
  }

  async end(): Promise<void> {
    this.#controller?.close();
    await settle();
  }
}

/** What the server begins every stream with. */
const hello = 'retry: 2000\n: ok\n\n';

const block = (seq: number, name = 'Otto') =>
  `id: k3f9x2ab-${String(seq)}\nevent: agent.update\ndata: ${JSON.stringify(
    entry({ seq, agents: { upsert: [agent({ name })] } }),
  )}\n\n`;

function start() {
  const world = new FakeWorld();
  const state = new FleetState();
  const heard = {
    entries: [] as ChangeSet[],
    connections: [] as Connection[],
    startOvers: 0,
    serverTimes: [] as number[],
  };
  const listener = {
    connection: (connection: Connection) => heard.connections.push(connection),
    entry: (one: ChangeSet) => heard.entries.push(one),
    caughtUp: () => undefined,
    startOver: () => (heard.startOvers += 1),
    serverTime: (at: number) => heard.serverTimes.push(at),
  };
  const stream = new LiveStream(state, listener, new Backoff(500, 15_000, () => 1), world);
  void stream.run();
  const answer = async (response: Response) => {
    world.last.answer(response);
    await settle();
  };
  /** Answers the stream that was asked for, and hands its wire over. */
  const open = async () => {
    const wire = new Wire(world.last.signal);
    await answer(wire.response);
    await wire.send(hello);
    return wire;
  };
  const connectionState = () => heard.connections.at(-1)?.state;
  return { world, state, heard, stream, answer, open, connectionState };
}

async function startLive() {
  const all = start();
  await all.answer(Response.json(snapshot()));
  const wire = await all.open();
  return { ...all, wire };
}

describe('LiveStream', () => {
  it('loads the snapshot and follows from exactly its cursor', async () => {
    const { world, answer, open, state, heard, connectionState } = start();
    expect(world.last.url).toBe('/api/v1/fleet');
    await answer(Response.json(snapshot()));
    expect(world.last.url).toBe('/api/v1/stream?after=k3f9x2ab-10&heartbeat=2');
    expect(heard.startOvers).toBe(1);
    const wire = await open();
    expect(connectionState()).toBe('live');
    await wire.send(block(11, 'Otto II'));
    expect(state.cursor).toBe('k3f9x2ab-11');
    expect(heard.entries.map(({ seq }) => seq)).toEqual([11]);
  });

  it('resumes where it broke off, and tells nothing twice', async () => {
    const { world, wire, open, heard, connectionState } = await startLive();
    await wire.send(block(11) + block(12));
    await wire.end();
    expect(connectionState()).toBe('lost');
    await world.advance(500);
    expect(world.last.url).toBe('/api/v1/stream?after=k3f9x2ab-12&heartbeat=2');
    const again = await open();
    await again.send(block(12) + block(13));
    expect(heard.entries.map(({ seq }) => seq)).toEqual([11, 12, 13]);
    expect(heard.startOvers).toBe(1);
  });

  it('waits longer and longer while the server is away, and starts anew after something came', async () => {
    const { world, wire, answer, open } = await startLive();
    await wire.end();
    const before = world.requests.length;
    await world.advance(499);
    expect(world.requests.length).toBe(before);
    await world.advance(1);
    expect(world.requests.length).toBe(before + 1);
    await answer(new Response(null, { status: 503 }));
    await world.advance(999);
    expect(world.requests.length).toBe(before + 1);
    await world.advance(1);
    expect(world.requests.length).toBe(before + 2);
    const again = await open();
    await again.send(': at 1000000\n');
    await again.end();
    await world.advance(500);
    expect(world.requests.length).toBe(before + 3);
  });

  it('tells silence after 6 s, with the time of the next try, and takes it back when something comes', async () => {
    const { world, wire, heard, connectionState } = await startLive();
    const silentSince = world.time;
    await world.advance(5_000);
    expect(connectionState()).toBe('live');
    await world.advance(2_000);
    expect(heard.connections.at(-1)).toEqual({
      state: 'quiet',
      since: silentSince,
      retryAt: silentSince + 20_000,
      reason: null,
    });
    await wire.send(': at 1007000\n');
    expect(connectionState()).toBe('live');
  });

  it('gives a silent stream up, and counts the loss from the first moment of silence', async () => {
    const { world, heard } = await startLive();
    const silentSince = world.time;
    await world.advance(21_500);
    expect(heard.connections.at(-1)).toMatchObject({
      state: 'lost',
      since: silentSince,
      reason: 'Control Center does not answer.',
    });
  });

  it('does not wait for ever on a server that stands still', async () => {
    const { world, wire, heard } = await startLive();
    await wire.end();
    await world.advance(500);
    const before = world.requests.length;
    await world.advance(11_000);
    expect(heard.connections.at(-1)?.reason).toBe('Control Center does not answer.');
    await world.advance(1_000);
    expect(world.requests.length).toBe(before + 1);
  });

  const standIns: [string, () => Response][] = [
    ['HTML', () => new Response('<p>Sign in</p>', { headers: { 'Content-Type': 'text/html' } })],
    ['JSON', () => Response.json({})],
    ['nothing', () => new Response('')],
  ];
  it.each(standIns)(
    'takes a 200 with %s for no stream: never live, asked more and more seldom',
    async (_, standIn) => {
      const { world, answer, heard } = start();
      await answer(Response.json(snapshot()));
      const first = world.requests.length;
      await answer(standIn());
      for (let turn = 0; turn < 200; turn += 1) {
        const before = world.requests.length;
        await world.advance(100);
        if (world.requests.length > before) await answer(standIn());
      }
      expect(world.requests.length - first).toBeLessThan(7);
      expect(heard.connections.map(({ state }) => state)).not.toContain('live');
      expect(heard.connections.at(-1)?.reason).toContain('in place of Control Center');
    },
  );

  it('asks more and more seldom where every stream ends after its hello', async () => {
    const { world, wire, open } = await startLive();
    const first = world.requests.length;
    await wire.end();
    for (let turn = 0; turn < 200; turn += 1) {
      const before = world.requests.length;
      await world.advance(100);
      if (world.requests.length > before) await (await open()).end();
    }
    expect(world.requests.length - first).toBeLessThan(7);
  });

  it('hears the time of the server where its stream is too busy for heartbeats', async () => {
    const { answer, heard } = start();
    const headers = { Date: 'Sun, 29 Nov 2026 08:00:00 GMT' };
    await answer(Response.json(snapshot(), { headers }));
    expect(heard.serverTimes).toEqual([Date.UTC(2026, 10, 29, 8) + 500]);
  });

  it('hears the time of the server in its heartbeats', async () => {
    const { wire, heard } = await startLive();
    await wire.send(': at 1795349534429\n: anything else\n');
    expect(heard.serverTimes).toEqual([1_795_349_534_429]);
  });

  it('reconnects at once after a sleep, and not while bytes are fresh', async () => {
    const { world, stream, wire } = await startLive();
    await wire.send(': here\n');
    const before = world.requests.length;
    stream.wake();
    await settle();
    expect(world.requests.length).toBe(before);
    world.time += 3_600_000;
    stream.wake();
    await settle();
    expect(world.requests.length).toBe(before + 1);
    expect(world.last.url).toBe('/api/v1/stream?after=k3f9x2ab-10&heartbeat=2');
  });

  it('starts over at a reset, and keeps what it knew until the snapshot is there', async () => {
    const { world, state, wire, answer, heard } = await startLive();
    await wire.send(
      'id: zzzzzzzz-5\nevent: reset\ndata: {"reason":"epoch","cursor":"zzzzzzzz-5"}\n\n',
    );
    expect(state.agents.size).toBe(1);
    await world.advance(500);
    expect(world.last.url).toBe('/api/v1/fleet');
    await answer(Response.json(snapshot({ cursor: 'zzzzzzzz-5', agents: [] })));
    expect(heard.startOvers).toBe(2);
    expect(state.agents.size).toBe(0);
    expect(world.last.url).toBe('/api/v1/stream?after=zzzzzzzz-5&heartbeat=2');
  });

  it('starts over where entries are missing or cannot be read', async () => {
    for (const broken of [block(12), 'id: k3f9x2ab-11\ndata: {"seq":\n\n']) {
      const { world, wire, heard } = await startLive();
      await wire.send(broken);
      expect(heard.entries).toEqual([]);
      await world.advance(500);
      expect(world.last.url).toBe('/api/v1/fleet');
    }
  });

  it('waits for a login without asking again, and forgets the rows', async () => {
    const { world, wire, answer, state, stream, connectionState } = await startLive();
    await wire.end();
    await world.advance(500);
    await answer(new Response(null, { status: 401 }));
    expect(connectionState()).toBe('signed-out');
    expect(state.agents.size).toBe(0);
    const before = world.requests.length;
    await world.advance(600_000);
    expect(world.requests.length).toBe(before);
    stream.reconnect();
    await settle();
    expect(world.last.url).toBe('/api/v1/fleet');
  });

  it('forgets at once when somebody signs out', async () => {
    const { stream, state, world, wire, answer, connectionState } = await startLive();
    await wire.send(block(11));
    stream.forget();
    await settle();
    expect(state.agents.size).toBe(0);
    await answer(new Response(null, { status: 401 }));
    expect(connectionState()).toBe('signed-out');
    expect(world.last.url).toBe('/api/v1/fleet');
  });

  it('tells since when it is lost, not since the last attempt', async () => {
    const { world, wire, answer, heard } = await startLive();
    await wire.end();
    const lostAt = world.time;
    await world.advance(500);
    await answer(new Response(null, { status: 503 }));
    expect(heard.connections.at(-1)).toMatchObject({ state: 'lost', since: lostAt });
  });
});
