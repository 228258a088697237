import { createContext } from 'svelte';
import { Account } from './account.svelte';
import { FleetActivity } from './activity.svelte';
import { FleetCopy } from './fleet.svelte';
import { GatewayPulse } from './gateway_pulse.svelte';
import type { Names } from '../model/sentence';
import { ServerFacts } from './server_facts.svelte';
import { SessionTitles } from './titles.svelte';

/** What is alive on a page: made once by the outermost component, and handed to all that stand in it. */
export interface Live {
  fleet: FleetCopy;
  account: Account;
  activity: FleetActivity;
  pulse: GatewayPulse;
  server: ServerFacts;
  /** What rows are called, for sentences. */
  names: Names;
  titles: SessionTitles;
}

export function makeLive(): Live {
  const fleet = new FleetCopy();
  const titles = new SessionTitles(fleet);
  const names = { agent: fleet.nameOf, isShared: fleet.isShared, session: titles.of };
  return {
    fleet,
    account: new Account(fleet),
    activity: new FleetActivity(fleet),
    pulse: new GatewayPulse(fleet),
    server: new ServerFacts(fleet),
    names,
    titles,
  };
}

/** Both are for the first run of a component's script, as Svelte's contexts are. */
export const [useLive, provideLive] = createContext<Live>();
