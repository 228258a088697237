import { type Role, whoAmI } from '../api/client';
import { reachesRole } from '../model/command_words';
import type { FleetCopy } from './fleet.svelte';

/** Who is signed in here, and what that person may do. */
export class Viewer {
  /** Null until it is told. */
  who = $state.raw<{ name: string; role: Role } | null>(null);

  constructor(private readonly fleet: FleetCopy) {}

  /** Made for an effect: asks when somebody has signed in. */
  follow(): void {
    if (!this.fleet.loaded) this.who = null;
    else void this.#ask();
  }

  may(least: Role): boolean {
    return reachesRole(this.who?.role ?? null, least);
  }

  async #ask(): Promise<void> {
    const result = await whoAmI();
    this.who = result.ok ? result.value : null;
  }
}
