import { addressOf } from '../api/base';
import { wallClock } from './wall_clock';
import { Backoff } from './backoff';
import { PageQueue } from './page_queue';
import type { Delivery, Everything, Connection, PageMessage } from './protocol';
import { FleetState } from './state';
import { LiveStream, type World } from './stream';

interface Page {
  queue: PageQueue;
  asked: boolean;
}

/**
 * One stream for all pages of a browser. Lives in the SharedWorker, or in the page if there are no shared workers. A page asks
 * for what is next, and gets one answer when there is something.
 */
export class LiveHub {
  readonly #state = new FleetState();
  readonly #pages = new Map<MessagePort, Page>();
  readonly #stream: LiveStream;
  #ahead: number | null = null;
  #begun = false;
  #connection: Connection;

  constructor(world: World = browserWorld()) {
    this.#connection = { state: 'signed-out', since: world.now(), retryAt: null, reason: null };
    this.#stream = new LiveStream(
      this.#state,
      {
        connection: (connection) => {
          this.#connection = connection;
          this.#forEach((page) => {
            page.queue.mark();
          });
        },
        entry: (entry) => {
          for (const page of this.#pages.values()) page.queue.add(entry);
        },
        caughtUp: () => {
          this.#flush();
        },
        startOver: () => {
          this.#forEach((page) => {
            page.queue.startOver();
          });
        },
        serverTime: (at) => {
          this.#compareClocks(at - world.now());
        },
      },
      new Backoff(),
      world,
    );
  }

  attach(port: MessagePort): void {
    port.onmessage = (event: MessageEvent<PageMessage>) => {
      this.#hear(port, event.data);
    };
    port.start();
  }

  #hear(port: MessagePort, message: PageMessage): void {
    if (message.kind === 'leave') this.#pages.delete(port);
    else if (message.kind === 'next') this.#ask(port);
    else if (message.kind === 'wake') this.#stream.wake();
    else if (message.kind === 'begin') this.#begin();
    else if (message.kind === 'reconnect') this.#reconnect();
    else this.#stream.forget();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#connection = { ...this.#connection, state: 'connecting' };
    this.#forEach((page) => {
      page.queue.mark();
    });
    void this.#stream.run();
  }

  #reconnect(): void {
    if (this.#begun) this.#stream.reconnect();
    else this.#begin();
  }

  // The way here takes its time, more or less: a second is no difference.
  #compareClocks(ahead: number): void {
    if (this.#ahead !== null && Math.abs(ahead - this.#ahead) < 1_000) return;
    this.#ahead = ahead;
    this.#forEach((page) => {
      page.queue.mark();
    });
  }

  // A page that comes back from the browser's cache asks on its old port.
  #ask(port: MessagePort): void {
    const page = this.#pages.get(port) ?? { queue: new PageQueue(), asked: false };
    this.#pages.set(port, page);
    page.asked = true;
    this.#deliver(port, page);
  }

  #forEach(act: (page: Page) => void): void {
    for (const page of this.#pages.values()) act(page);
    this.#flush();
  }

  #flush(): void {
    for (const [port, page] of this.#pages) this.#deliver(port, page);
  }

  #deliver(port: MessagePort, page: Page): void {
    if (!page.asked || page.queue.empty) return;
    page.asked = false;
    const { startOver, entries, missedEntries } = page.queue.take();
    const delivery: Delivery = {
      connection: this.#connection,
      cursor: this.#state.cursor,
      asOf: this.#state.asOf,
      everything: startOver ? this.#everything() : null,
      entries,
      missedEntries,
      ahead: this.#ahead,
    };
    port.postMessage(delivery);
  }

  #everything(): Everything {
    return {
      gateways: [...this.#state.gateways.values()],
      agents: [...this.#state.agents.values()],
    };
  }
}

function browserWorld(): World {
  return {
    fetch: (path, init) => fetch(addressOf(path), init),
    now: wallClock,
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    setInterval: (callback, ms) => setInterval(callback, ms),
    clearInterval: (timer) => {
      clearInterval(timer);
    },
  };
}
