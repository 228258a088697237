import { untrack } from 'svelte';
import { type Gateway, get, type Page } from '../api/client';
import type { FleetCopy } from './fleet.svelte';

const everyMs = 5_000;

/**
 * When each gateway was last heard, and how the attempts to reach it go. That alone makes no journal entry, so it is read now and then while it is shown. Entries
 * tell it in between.
 */
export class GatewayPulse {
  #heard = $state.raw<ReadonlyMap<string, number>>(new Map());
  #read = $state.raw<ReadonlyMap<string, Gateway>>(new Map());

  constructor(private readonly fleet: FleetCopy) {}

  /** Milliseconds since the epoch, or null: never. */
  of(gateway: Gateway): number | null {
    const heard = Math.max(this.#heard.get(gateway.name) ?? 0, gateway.lastEventAt ?? 0);
    return heard === 0 ? null : heard;
  }

  /** The row with its latest attempts. */
  fresh(gateway: Gateway): Gateway {
    const read = this.#read.get(gateway.name);
    if (read?.version !== gateway.version) return gateway;
    return { ...gateway, attempts: read.attempts, nextAttemptAt: read.nextAttemptAt };
  }

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    const read = async () => {
      if (document.visibilityState !== 'visible') return;
      const result = await get<Page<Gateway>>('/api/v1/gateways', { limit: 1000 });
      if (!result.ok) return;
      this.#read = new Map(result.value.items.map((row) => [row.name, row]));
      this.#hear(result.value.items.map(({ name, lastEventAt }) => [name, lastEventAt ?? 0]));
    };
    const timer = setInterval(() => void read(), everyMs);
    const stop = this.fleet.listen(({ entries }) => {
      const told = entries.filter(({ source }) => source !== 'system');
      if (told.length > 0) this.#hear(told.map(({ gateway, at }) => [gateway, at]));
    });
    untrack(() => void read());
    return () => {
      clearInterval(timer);
      stop();
    };
  }

  #hear(moments: readonly (readonly [string, number])[]): void {
    const heard = new Map(this.#heard);
    for (const [name, at] of moments) heard.set(name, Math.max(heard.get(name) ?? 0, at));
    this.#heard = heard;
  }
}
