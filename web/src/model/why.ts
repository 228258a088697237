import type { Agent, Gateway, Session } from '../api/client';
import { plural } from './format';
import { speaks } from './status';
import { age } from './time';

/** Why an agent is shown as it is: what is wrong first, then what it was working on. */
export interface Why {
  text: string;
  /** The session that it is about; null where it is about none, or none is known. */
  session: { gateway: string; key: string } | null;
}

/** What is known beside the agent's row. */
export interface Beside {
  gateway: Gateway | undefined;
  /** The session that it began to work on last. */
  working: Session | null;
  /** The title of a session; null where it has none. */
  titleOf: (gateway: string, key: string) => string | null;
}

const nothing: Why = { text: '', session: null };

/** `now`: the server's time, in milliseconds since the epoch. */
export function whyOf(agent: Agent, beside: Beside, now: number): Why {
  if (!speaks(beside.gateway)) return { text: outOfReach(agent, beside.gateway), session: null };
  if (agent.reportedStatus === 'working') return workingOn(agent, beside.working);
  const { verdict, key } = reasonOf(agent);
  if (verdict === null) return nothing;
  const silent = agent.reportedStatus === 'stalled' ? silence(agent, now) : null;
  const session = key === null ? null : { gateway: agent.gateway, key };
  const title = key === null ? null : (beside.titleOf(agent.gateway, key) ?? null);
  return { text: [silent ?? verdict, title].filter(Boolean).join(' · '), session };
}

function outOfReach({ reportedStatus }: Agent, gateway: Gateway | undefined): string {
  if (!gateway) return 'Its gateway was removed';
  const was = reportedStatus === 'unknown' ? '' : ` · was ${reportedStatus}`;
  return `${gateway.name} is ${gateway.state}${was}`;
}

function workingOn({ gateway, activeRuns }: Agent, working: Session | null): Why {
  if (!working) return nothing;
  const more = activeRuns > 1 ? ` · ${plural(activeRuns - 1, 'more run')}` : '';
  return {
    text: `${working.title ?? working.key}${more}`,
    session: { gateway, key: working.key },
  };
}

function silence({ lastProgressAt }: Agent, now: number): string | null {
  if (lastProgressAt === null) return null;
  const span = age(lastProgressAt, now);
  return span === 'now' ? null : `No progress for ${span}`;
}

/** The server's reason in its parts: what is wrong, and in which session. */
function reasonOf({ statusReason }: Agent): { verdict: string | null; key: string | null } {
  if (statusReason === null) return { verdict: null, key: null };
  for (const [pattern, verdict] of sentences) {
    const key = pattern.exec(statusReason)?.[1];
    if (key !== undefined) return { verdict, key };
  }
  return { verdict: statusReason.replace(/\.$/, ''), key: null };
}

const sentences: readonly (readonly [RegExp, string])[] = [
  [/^The last run, in (.+), timed out\.$/, 'Timed out'],
  [/^The last run, in (.+), failed\.$/, 'Failed'],
  [/^No sign of progress from the run in (.+)\.$/, 'No progress'],
  [/^A run in (.+) waits for a person's approval\.$/, 'Needs approval'],
];
