import type { Agent, ChangeSet, Gateway, Session } from '../api/client';
import { isolated } from './bidi';
import { compact, money, plural } from './format';
import { agentKey } from './keys';
import { markOfGateway, markOfSessionStatus, type Status } from './status';
import { duration } from './time';

/** What an entry of the journal says, for people: "Main", "office", "failed after 3 s", "Clean up stale branches". */
export interface Sentence {
  mark: Status;
  /** Who it is about: the only part that may be long. */
  who: string;
  /** The gateway, where `who` alone could be somebody else; else empty. */
  where: string;
  text: string;
  /** What is secondary; empty where there is nothing. */
  detail: string;
  /** The page that it is about, or null. */
  subject: Subject | null;
  /** Less interesting than its neighbours: the other half of an event, or housekeeping. */
  minor: boolean;
  /** A failure, a halt, a lost connection, or the end of one. */
  problem: boolean;
  /** The key of the one agent that it is about, or null. */
  agent: string | null;
  /** Whether it tells how a run begins or ends: the halves of one event are one line. */
  half: 'start' | 'end' | null;
}

export type Subject =
  | { kind: 'agent'; gateway: string; id: string }
  | { kind: 'session'; gateway: string; key: string }
  | { kind: 'gateway'; gateway: string };

/** What rows are called, as far as it is known. */
export interface Names {
  /** An agent that is gone keeps its id. */
  agent: (gateway: string, id: string) => string;
  /** Whether several agents bear this name. */
  isShared: (name: string) => boolean;
  /** The title of a session; null where it is not known. */
  session: (gateway: string, key: string) => string | null;
}

/** All of it as one text, for those who do not see its parts. */
export function textOf({ who, where, text }: Sentence): string {
  return [where === '' ? isolated(who) : `${isolated(who)} · ${where}`, text].join(' ');
}

/** A sentence about nobody in particular; `over` says more. */
export function sentence(over: Partial<Sentence> & Pick<Sentence, 'who' | 'text'>): Sentence {
  return {
    mark: 'idle',
    where: '',
    detail: '',
    subject: null,
    minor: false,
    problem: false,
    agent: null,
    half: null,
    ...over,
  };
}

/** The part of a sentence that names an agent. */
export function aboutAgent(gateway: string, id: string, name: string, names: Names) {
  return {
    who: name,
    where: names.isShared(name) ? gateway : '',
    agent: agentKey(gateway, id),
  };
}

const statusWords: Partial<Record<Status, string>> = {
  error: 'is in error',
  stalled: 'stalled',
  waiting: 'needs approval',
};

const stillWords: Partial<Record<Status, string>> = {
  error: 'is still in error',
  stalled: 'is still stalled',
  waiting: 'still needs approval',
};

/** A trouble that an agent is in now. */
export function troubleSentence(agent: Agent, names: Names): Sentence {
  const { gateway, id, name, reportedStatus: mark } = agent;
  return sentence({
    ...aboutAgent(gateway, id, name, names),
    mark,
    text: statusWords[mark] ?? `is ${mark}`,
    detail: agent.statusReason ?? '',
    subject: { kind: 'agent', gateway, id },
    problem: true,
    half: mark === 'error' ? 'end' : null,
  });
}

/** That a trouble is over. */
export function recoverySentence(agent: Agent, session: Session | null, names: Names): Sentence {
  const { gateway, id, name, reportedStatus: mark } = agent;
  return sentence({
    ...aboutAgent(gateway, id, name, names),
    mark,
    text: mark === 'working' ? 'resumed' : 'recovered',
    detail: session ? about(session) : '',
    subject: { kind: 'agent', gateway, id },
    problem: true,
    half: mark === 'working' ? null : 'end',
  });
}

/** How an agent stands, where nothing about it is news. */
export function stateSentence(agent: Agent, session: Session | null, names: Names): Sentence {
  const { gateway, id, name, reportedStatus: mark } = agent;
  const text =
    mark === 'working'
      ? `is working on ${plural(agent.activeRuns, 'run')}`
      : (stillWords[mark] ?? `is ${mark}`);
  return sentence({
    ...aboutAgent(gateway, id, name, names),
    mark,
    text,
    detail: agent.statusReason ?? (session ? about(session) : (agent.model ?? '')),
    subject: { kind: 'agent', gateway, id },
    minor: true,
    half: mark === 'working' ? 'start' : 'end',
  });
}

/** Several agents that are in the same trouble, told by one entry. */
export function agentsSentence(agents: readonly Agent[], names: Names): Sentence {
  const [first] = agents;
  const mark = first?.reportedStatus ?? 'unknown';
  const word = (statusWords[mark] ?? `is ${mark}`)
    .replace(/^is /, 'are ')
    .replace(/^needs /, 'need ');
  return sentence({
    mark,
    who: plural(agents.length, 'agent'),
    where: first?.gateway ?? '',
    text: word,
    detail: listed(agents.map(({ gateway, id }) => names.agent(gateway, id))),
    subject: first ? { kind: 'gateway', gateway: first.gateway } : null,
    problem: true,
  });
}

/** That a run began. */
export function startSentence(session: Session, names: Names): Sentence {
  return sentence({ ...aboutSession(session, names), text: 'started', half: 'start' });
}

const endings = new Map([
  ['done', 'finished'],
  ['failed', 'failed'],
  ['timeout', 'timed out'],
  ['killed', 'was stopped'],
]);

/** How a run ended. `reason`: why it failed, where somebody says it. */
export function endSentence(session: Session, reason: string | null, names: Names): Sentence {
  const { status, startedAt, endedAt } = session;
  const took =
    startedAt === null || endedAt === null
      ? ''
      : ` ${status === 'done' ? 'in' : 'after'} ${duration(endedAt - startedAt)}`;
  const base = aboutSession(session, names);
  const problem = base.mark === 'error';
  return sentence({
    ...base,
    text: `${endings.get(status ?? '') ?? status ?? 'ended'}${took}`,
    detail: problem ? merged(reason ?? '', about(session)) : merged(about(session), usage(session)),
    problem,
    half: 'end',
  });
}

/** What an agent's row and a session's row tell of one event: the run leads, and the agent says what that means. */
export function ofOneEvent(agent: Sentence, run: Sentence): Sentence {
  if (!agent.problem) return run;
  return {
    ...run,
    text: run.problem ? run.text : agent.text,
    detail: agent.mark === 'error' ? merged(agent.detail, run.detail) : run.detail,
    problem: true,
  };
}

// The reason names the session too, and both may say no more than that it failed.
function merged(...details: readonly string[]): string {
  const parts = details
    .flatMap((detail) => detail.split(' · '))
    .map((part) => part.replace(/\.$/, ''));
  const news = parts.filter((part) => part !== '' && !/^(Failed|Timed out)\.?$/.test(part));
  return [...new Set(news)].join(' · ');
}

/** That a session's row changed in some other way. */
export function changedSentence(session: Session, names: Names): Sentence {
  return sentence({ ...aboutSession(session, names), text: '· session changed', minor: true });
}

function aboutSession(session: Session, names: Names) {
  const { gateway, key, agentId } = session;
  const who =
    agentId === null
      ? { who: titleOf(session), where: '', agent: null }
      : aboutAgent(gateway, agentId, names.agent(gateway, agentId), names);
  return {
    ...who,
    mark: markOfSessionStatus(session.status),
    detail: about(session),
    subject: { kind: 'session', gateway, key } satisfies Subject,
  };
}

/** That a session was deleted. */
export function deletedSentence(gateway: string, key: string, names: Names): Sentence {
  const id = /^agent:([^:]+):/.exec(key)?.[1];
  const who = id === undefined ? null : aboutAgent(gateway, id, names.agent(gateway, id), names);
  return sentence({
    ...(who ?? { who: 'A session' }),
    mark: 'offline',
    text: who ? '· session deleted' : 'was deleted',
    detail: names.session(gateway, key) ?? key,
    subject: { kind: 'session', gateway, key },
    minor: true,
  });
}

const stateWords: Record<Gateway['state'], string> = {
  live: 'is live',
  polling: 'is polled over REST',
  connecting: 'is connecting',
  offline: 'is offline',
  blocked: 'refuses the connection',
};

/** How the connection to a gateway stands. */
export function gatewaySentence(gateway: Gateway): Sentence {
  const { name, state, source, serverVersion } = gateway;
  // A gateway that refuses the WebSocket may still answer by REST.
  const meanwhile = source === 'rest' && state !== 'polling' ? ', polled over REST meanwhile' : '';
  return sentence({
    mark: markOfGateway(state),
    who: name,
    text: stateWords[state] + meanwhile,
    detail: gateway.detail ?? (serverVersion === null ? '' : `version ${serverVersion}`),
    subject: { kind: 'gateway', gateway: name },
    minor: state === 'connecting',
    problem: state !== 'connecting',
  });
}

/** That events of a gateway were lost. */
export function gapSentence(gateway: Gateway): Sentence {
  return sentence({
    mark: 'stalled',
    who: gateway.name,
    text: 'lost some events',
    detail: `${plural(gateway.gaps, 'gap')} so far`,
    subject: { kind: 'gateway', gateway: gateway.name },
    problem: true,
  });
}

/** How many rows an entry holds: "22 agents, 320 sessions". */
export function amounts(entries: readonly ChangeSet[]): string {
  const sum = (groups: readonly (Group | undefined)[], part: 'upsert' | 'remove') =>
    groups.reduce((total, group) => total + (group?.[part]?.length ?? 0), 0);
  const words: [string, readonly (Group | undefined)[]][] = [
    ['agent', entries.map(({ agents }) => agents)],
    ['session', entries.map(({ sessions }) => sessions)],
    ['client', entries.map(({ presence }) => presence)],
    ['approval', entries.map(({ approvals }) => approvals)],
    ['command', entries.map(({ commands }) => commands)],
    ['job', entries.map(({ cron }) => cron)],
  ];
  return words
    .flatMap(([word, groups]) => {
      const changed = sum(groups, 'upsert');
      const gone = sum(groups, 'remove');
      return [
        changed > 0 ? plural(changed, word) : '',
        gone > 0 ? `${plural(gone, word)} removed` : '',
      ];
    })
    .filter(Boolean)
    .join(', ');
}

interface Group {
  upsert?: unknown[];
  remove?: unknown[];
}

/** "1.2K → 380 tokens · $0.012": what is not known is said to be unknown only for the cost. */
export function usage({ inputTokens, outputTokens, costUsd }: Session): string {
  const tokens = [inputTokens, outputTokens].map((n) => (n === null ? '?' : compact(n)));
  const known = inputTokens !== null || outputTokens !== null;
  return [known ? `${tokens.join(' → ')} tokens` : '', money(costUsd) ?? 'cost unknown']
    .filter(Boolean)
    .join(' · ');
}

/** How much of the context is in use: "12.9K of 200K". */
export function contextUse(session: Session): string | null {
  if (session.totalTokens === null) return null;
  const all = session.contextTokens === null ? '' : ` of ${compact(session.contextTokens)}`;
  return `${compact(session.totalTokens)}${all}`;
}

export const titleOf = (session: Session): string => session.title ?? session.key;

/** "Ada, Bea, Cy and 3 more" */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).map(isolated).join(', ');
  return names.length > most ? `${shown} and ${String(names.length - most)} more` : shown;
}

function about(session: Session): string {
  return [titleOf(session), session.channel].filter(Boolean).join(' · ');
}
