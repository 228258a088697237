import { fetchStatus, type ServerStatus } from '../api/client';
import type { FleetCopy } from './fleet.svelte';

const everyMs = 60_000;

/** What the server says about itself, read now and then. */
export class ServerFacts {
  /** Null until it is told. */
  told = $state.raw<ServerStatus | null>(null);

  constructor(private readonly fleet: FleetCopy) {}

  /** Made for an effect: follows until the returned function is called. */
  follow(): (() => void) | undefined {
    if (this.fleet.connection.state !== 'live') return undefined;
    void this.#read();
    const timer = setInterval(() => void this.#read(), everyMs);
    return () => {
      clearInterval(timer);
    };
  }

  async #read(): Promise<void> {
    const result = await fetchStatus();
    if (result.ok) this.told = result.value;
  }
}
