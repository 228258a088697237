import { createContext } from 'svelte';
import { FleetActivity } from './activity.svelte';
import { FleetCopy } from './fleet.svelte';
import { GatewayPulse } from './gateway_pulse.svelte';

/** What is alive on a page: made once by the outermost component, and handed to all that stand in it. */
export interface Live {
  fleet: FleetCopy;
  activity: FleetActivity;
  pulse: GatewayPulse;
}

export function makeLive(): Live {
  const fleet = new FleetCopy();
  return { fleet, activity: new FleetActivity(fleet), pulse: new GatewayPulse(fleet) };
}

/** Both are for the first run of a component's script, as Svelte's contexts are. */
export const [useLive, provideLive] = createContext<Live>();
