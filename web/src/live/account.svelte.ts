import { type Role, type Who, whoAmI } from '../api/client';
import { reachesRole } from '../model/command_words';
import type { FleetCopy } from './fleet.svelte';

/** Who is signed in here, and what that person may do. */
export class Account {
  /** Null until it is told. */
  who = $state.raw<Who | null>(null);

  constructor(private readonly fleet: FleetCopy) {}

  get isAdmin(): boolean {
    return this.may('admin');
  }

  may(least: Role): boolean {
    return reachesRole(this.who?.role ?? null, least);
  }

  /** Made for an effect: asks again whenever somebody has signed in. */
  follow(): void {
    if (!this.fleet.loaded) this.who = null;
    else void whoAmI().then((result) => (this.who = result.ok ? result.value : null));
  }
}
