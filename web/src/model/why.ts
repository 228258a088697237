import type { Agent, Gateway } from '../api/client';
import { plural } from './format';
import { speaks } from './status';
import { age } from './time';

/** Why an agent is shown as it is: what is wrong first, then what it was working on. */
export interface Why {
  text: string;
  /** The session that it is about; null where it is about none, or none is known. */
  session: { gateway: string; key: string } | null;
}

/** `now`: the server's time, in milliseconds since the epoch. */
export function whyOf(agent: Agent, gateway: Gateway | undefined, now: number): Why {
  if (!speaks(gateway)) return { text: outOfReach(agent, gateway), session: null };
  const key = agent.statusSessionKey;
  return {
    text: reasonOf(agent, now),
    session: key === null ? null : { gateway: agent.gateway, key },
  };
}

function outOfReach({ reportedStatus }: Agent, gateway: Gateway | undefined): string {
  if (!gateway) return 'Its gateway was removed';
  const was = reportedStatus === 'unknown' ? '' : ` · was ${reportedStatus}`;
  return `${gateway.name} is ${gateway.state}${was}`;
}

function reasonOf(agent: Agent, now: number): string {
  const { reportedStatus, statusReason, statusSessionKey, activeRuns, silentSince } = agent;
  if (reportedStatus === 'working') {
    // The key only where there is no title.
    const what = statusReason ?? statusSessionKey;
    const more = activeRuns > 1 ? plural(activeRuns - 1, 'more run') : null;
    return [what, more].filter((part) => part !== null).join(' · ');
  }
  return reportedStatus === 'stalled' && silentSince !== null
    ? grown(statusReason ?? '', age(silentSince, now))
    : (statusReason ?? '').replace(/\.$/, '');
}

// The row says how long it had been silent when that was noticed.
function grown(reason: string, silence: string): string {
  return silence === 'now'
    ? reason
    : reason.replace(/^No progress(?: for over \d+ \w+)?/, `No progress for ${silence}`);
}
