import { type Who, whoAmI } from '../api/client';
import type { FleetCopy } from './fleet.svelte';

/** Who is signed in here. */
export class Account {
  /** Null until it is told. */
  who = $state.raw<Who | null>(null);

  constructor(private readonly fleet: FleetCopy) {}

  get isAdmin(): boolean {
    return this.who?.role === 'admin';
  }

  /** Made for an effect: asks again whenever somebody has signed in. */
  follow(): void {
    if (!this.fleet.loaded) this.who = null;
    else void whoAmI().then((result) => (this.who = result.ok ? result.value : null));
  }
}
