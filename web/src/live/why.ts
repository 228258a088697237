import type { Agent } from '../api/client';
import { type Why, whyOf } from '../model/why';
import { now } from './clock.svelte';
import type { Live } from './context';

/** Why an agent is shown as it is. Follows everything that it says. */
export function whyNow({ fleet, work }: Live, agent: Agent): Why {
  const { gateway, id, reportedStatus } = agent;
  const beside = {
    gateway: fleet.gateway(gateway),
    working: reportedStatus === 'working' ? work.of(gateway, id) : null,
    titleOf: (name: string, key: string) => work.titleOf(name, key),
  };
  // Only a silence grows older by the second.
  return whyOf(agent, beside, reportedStatus === 'stalled' ? now() : 0);
}
