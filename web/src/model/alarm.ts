import type { Agent } from '../api/client';
import { severity, type Status } from './status';

/** Agents with these need a person now. */
const urgent: ReadonlySet<Status> = new Set(['error', 'stalled', 'waiting']);
export const urgentStatuses: readonly Status[] = [...urgent];

/** An agent, as it is shown. */
export interface Shown {
  key: string;
  agent: Agent;
  status: Status;
}

/** Notices which agents came into trouble since it looked last. */
export class Alarm {
  /** The trouble that each agent was in. */
  #known = new Map<string, string>();

  /** What somebody sees on the page is no news. */
  remember(agents: Iterable<Shown>): void {
    this.#take(agents);
  }

  /** Those that came into trouble, the most severe first. */
  look(agents: Iterable<Shown>): Shown[] {
    const before = this.#known;
    return this.#take(agents)
      .filter(({ key }) => before.get(key) !== this.#known.get(key))
      .sort((a, b) => severity(a.status) - severity(b.status));
  }

  #take(agents: Iterable<Shown>): Shown[] {
    const before = this.#known;
    const troubled: Shown[] = [];
    this.#known = new Map();
    for (const shown of agents) {
      const { key, agent, status } = shown;
      const known = before.get(key);
      // Of a gateway that is away nothing is heard: what comes back with it is no news.
      if (status === 'unknown' && known !== undefined) this.#known.set(key, known);
      if (!urgent.has(status)) continue;
      this.#known.set(key, `${status} ${String(agent.statusSince)}`);
      troubled.push(shown);
    }
    return troubled;
  }
}

/** A notification: one agent's, or one of several that came into trouble together. */
export interface Notice {
  title: string;
  body: string;
  /** A later one with the same tag takes its place. */
  tag: string;
}

const verbs: Partial<Record<Status, string>> = {
  error: 'is in error',
  stalled: 'is stalled',
  waiting: 'waits for approval',
};
const most = 4;

/** `nameOf`: what people call the agent. Empty lists make none. */
export function noticeOf(news: readonly Shown[], nameOf: (agent: Agent) => string): Notice | null {
  const [first] = news;
  if (!first) return null;
  const said = ({ agent, status }: Shown) => `${nameOf(agent)} ${verbs[status] ?? status}`;
  if (news.length === 1) {
    return { title: said(first), body: first.agent.statusReason ?? '', tag: first.key };
  }
  const more = news.length - most;
  return {
    title: `${String(news.length)} agents need attention`,
    body: [
      ...news.slice(0, most).map(said),
      ...(more > 0 ? [`and ${String(more)} more`] : []),
    ].join('\n'),
    tag: 'several',
  };
}
