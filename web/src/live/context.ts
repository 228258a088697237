import { createContext } from 'svelte';
import { Account } from './account.svelte';
import { FleetActivity } from './activity.svelte';
import { Approvals } from './approvals.svelte';
import { Commands } from './commands.svelte';
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
  commands: Commands;
  approvals: Approvals;
}

export function makeLive(): Live {
  const fleet = new FleetCopy();
  const titles = new SessionTitles(fleet);
  const names = { agent: fleet.nameOf, isShared: fleet.isShared, session: titles.of };
  const account = new Account(fleet);
  const commands = new Commands(fleet, account);
  return {
    fleet,
    account,
    activity: new FleetActivity(fleet),
    pulse: new GatewayPulse(fleet),
    server: new ServerFacts(fleet),
    names,
    titles,
    commands,
    approvals: new Approvals(fleet, commands),
  };
}

/** Both are for the first run of a component's script, as Svelte's contexts are. */
export const [useLive, provideLive] = createContext<Live>();
