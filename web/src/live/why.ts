import type { Agent } from '../api/client';
import { type Why, whyOf } from '../model/why';
import { now } from './clock.svelte';
import type { FleetCopy } from './fleet.svelte';

/** Why an agent is shown as it is. Follows everything that it says. */
export function whyNow(fleet: FleetCopy, agent: Agent): Why {
  // Only a silence grows older by the second.
  return whyOf(agent, fleet.gateway(agent.gateway), agent.reportedStatus === 'stalled' ? now() : 0);
}
