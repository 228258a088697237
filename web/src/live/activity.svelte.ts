import { fetchActivity } from '../api/client';
import { ActivityBuckets, type Minutes } from '../model/activity';
import { serverTime } from './clock.svelte';
import type { FleetCopy } from './fleet.svelte';
import { Pace } from './pace';
import type { Delivery } from './protocol';

/** The last hour's activity of all agents: read once when first needed, then counted from the stream. */
export class FleetActivity {
  version = $state(0);
  readonly #buckets = new ActivityBuckets(serverTime());
  readonly #pace = new Pace(() => {
    this.version += 1;
  }, 1_000);
  #started = false;

  constructor(private readonly fleet: FleetCopy) {}

  of(gateway: string, id: string): Minutes {
    void this.version;
    return this.#buckets.of(gateway, id);
  }

  /** Of all agents, in the last hour: runs that failed, and the runs of one agent's busiest minute. */
  readonly summary = $derived.by(() => {
    void this.version;
    return this.#buckets.summary();
  });

  /** When the newest minute began, in milliseconds since the epoch. */
  get newest(): number {
    void this.version;
    return this.#buckets.newest;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.fleet.listen((delivery) => {
      this.#hear(delivery);
    });
    setInterval(() => {
      if (this.#buckets.advance(serverTime())) this.#pace.ask();
    }, 10_000);
    void this.#load();
  }

  #hear(delivery: Delivery): void {
    if (delivery.everything || delivery.missedEntries > 0) void this.#load();
    for (const entry of delivery.entries) this.#buckets.add(entry);
    if (delivery.entries.length > 0) this.#pace.ask();
  }

  async #load(): Promise<void> {
    const result = await fetchActivity({ minutes: 60 });
    if (!result.ok) return;
    this.#buckets.load(result.value);
    // Entries that came while it loaded. Those that it counts already are not counted again.
    for (const entry of this.fleet.recent) this.#buckets.add(entry);
    this.#pace.ask();
  }
}
