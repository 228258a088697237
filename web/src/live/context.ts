import { createContext } from 'svelte';
import { FleetActivity } from './activity.svelte';
import { FleetCopy } from './fleet.svelte';
import { GatewayPulse } from './gateway_pulse.svelte';
import type { Names } from '../model/sentence';
import { SessionTitles } from './titles';

/** What is alive on a page: made once by the outermost component, and handed to all that stand in it. */
export interface Live {
  fleet: FleetCopy;
  activity: FleetActivity;
  pulse: GatewayPulse;
  /** What rows are called, for sentences. */
  names: Names;
}

export function makeLive(): Live {
  const fleet = new FleetCopy();
  const titles = new SessionTitles(fleet);
  const names = { agent: fleet.nameOf, isShared: fleet.isShared, session: titles.of };
  return { fleet, activity: new FleetActivity(fleet), pulse: new GatewayPulse(fleet), names };
}

/** Both are for the first run of a component's script, as Svelte's contexts are. */
export const [useLive, provideLive] = createContext<Live>();
