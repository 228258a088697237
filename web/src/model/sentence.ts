import type { Agent, ChangeSet, Gateway, Session } from '../api/client';
import { isolated } from './bidi';
import { compact, count, money, plural } from './format';
import { markOfGateway, markOfSessionStatus, type Status } from './status';
import { duration } from './time';

/** What an entry of the journal says, for people. */
export interface Sentence {
  mark: Status;
  text: string;
  /** What is secondary; empty where there is nothing. */
  detail: string;
  /** The page that it is about, or null. */
  subject: Subject | null;
  /** Less interesting than its neighbours: the other half of an event, or housekeeping. */
  minor: boolean;
}

export type Subject =
  | { kind: 'agent'; gateway: string; id: string }
  | { kind: 'session'; gateway: string; key: string }
  | { kind: 'gateway'; gateway: string };

/** The name of an agent, as far as it is known. */
export type NameOf = (gateway: string, agentId: string) => string;

/** Two moments of one event are told by the gateway within this. */
const sameMomentMs = 2_000;

/** One sentence for an entry. Reads nothing but the entry and names. */
export function sentenceOf(entry: ChangeSet, nameOf: NameOf): Sentence {
  const session = single(entry.sessions?.upsert);
  const agent = single(entry.agents?.upsert);
  const gateway = single(entry.gateways?.upsert);
  switch (entry.cause) {
    case 'connection':
    case 'gap':
      if (gateway) return gatewaySentence(gateway, entry.cause);
      break;
    case 'sessions.changed':
      if (session) return sessionSentence(entry, session, nameOf);
      break;
    case 'agent.run':
    case 'approval':
    case 'stall':
      if (agent) return agentSentence(agent, session);
      break;
    case 'agent.config':
      if (agent)
        return quiet(
          'idle',
          `${isolated(agent.name)} was configured`,
          modelOf(agent),
          ofAgent(agent),
        );
      break;
    case 'presence':
      return presenceSentence(entry);
    case 'configuration':
      return configurationSentence(entry);
    case 'initial-sync':
    case 'resync':
    case 'poll':
      return syncSentence(entry);
  }
  return removedSentence(entry) ?? summary(entry);
}

function sessionSentence(entry: ChangeSet, session: Session, nameOf: NameOf): Sentence {
  const subject: Subject = { kind: 'session', gateway: session.gateway, key: session.key };
  const mark = markOfSessionStatus(session.status);
  const who = isolated(
    session.agentId === null ? titleOf(session) : nameOf(session.gateway, session.agentId),
  );
  if (session.status === 'running' && isNow(session.startedAt, session.updatedAt)) {
    return { mark, text: `${who} started`, detail: about(session), subject, minor: false };
  }
  const ended = isNow(session.endedAt, session.updatedAt);
  if (!ended || session.status === null) {
    return quiet(mark, `${who}: session changed`, about(session), subject);
  }
  const took =
    session.startedAt === null || session.endedAt === null
      ? ''
      : ` ${session.status === 'done' ? 'in' : 'after'} ${duration(session.endedAt - session.startedAt)}`;
  const text = `${who} ${endings.get(session.status) ?? session.status}${took}`;
  const agent = single(entry.agents?.upsert);
  // The reason is in the agent's entry, which comes with this one or right before it.
  const minor = mark === 'error' && agent === null;
  const reason = mark === 'error' ? agent?.statusReason : null;
  return { mark, text, detail: reason ?? usage(session), subject, minor };
}

const endings = new Map([
  ['done', 'done'],
  ['failed', 'failed'],
  ['timeout', 'timed out'],
  ['killed', 'was stopped'],
]);

function agentSentence(agent: Agent, session: Session | null): Sentence {
  const mark = agent.reportedStatus;
  const detail = agent.statusReason ?? (session ? about(session) : modelOf(agent));
  const subject = ofAgent(agent);
  switch (mark) {
    case 'waiting':
      return {
        mark,
        text: `${isolated(agent.name)} waits for approval`,
        detail,
        subject,
        minor: false,
      };
    case 'stalled':
      return { mark, text: `${isolated(agent.name)} stalled`, detail, subject, minor: false };
    case 'error':
      return { mark, text: `${isolated(agent.name)} is in error`, detail, subject, minor: false };
    case 'working':
      return quiet(
        mark,
        `${isolated(agent.name)} works on ${plural(agent.activeRuns, 'run')}`,
        detail,
        subject,
      );
    default:
      return quiet(mark, `${isolated(agent.name)} is ${mark}`, detail, subject);
  }
}

const stateWords: Record<Gateway['state'], string> = {
  live: 'is live',
  polling: 'is polled by REST',
  connecting: 'is being connected',
  offline: 'is offline',
  blocked: 'refuses us',
};

function gatewaySentence(gateway: Gateway, cause: 'connection' | 'gap'): Sentence {
  const subject: Subject = { kind: 'gateway', gateway: gateway.name };
  if (cause === 'gap') {
    const text = `${gateway.name}: events were lost`;
    return {
      mark: 'stalled',
      text,
      detail: `${plural(gateway.gaps, 'gap')} so far`,
      subject,
      minor: false,
    };
  }
  const version = gateway.serverVersion === null ? '' : `version ${gateway.serverVersion}`;
  const text = standing(gateway);
  return {
    mark: markOfGateway(gateway.state),
    text,
    detail: gateway.detail ?? version,
    subject,
    minor: false,
  };
}

// A gateway that refuses the WebSocket may still answer by REST.
function standing({ name, state, source }: Gateway): string {
  const meanwhile = source === 'rest' && state !== 'polling' ? ', is polled by REST meanwhile' : '';
  return `${name} ${stateWords[state]}${meanwhile}`;
}

function configurationSentence(entry: ChangeSet): Sentence {
  const subject: Subject = { kind: 'gateway', gateway: entry.gateway };
  const left = (entry.gateways?.remove ?? []).length > 0;
  const text = `${entry.gateway} ${left ? 'left' : 'joined'} the configuration`;
  return {
    mark: left ? 'offline' : 'working',
    text,
    detail: left ? amounts(entry) : '',
    subject,
    minor: false,
  };
}

function syncSentence(entry: ChangeSet): Sentence {
  const gateway = single(entry.gateways?.upsert);
  const subject: Subject = { kind: 'gateway', gateway: entry.gateway };
  const part =
    entry.parts === undefined ? '' : ` (part ${String(entry.part)} of ${String(entry.parts)})`;
  const mark = gateway ? markOfGateway(gateway.state) : entry.cause === 'poll' ? 'waiting' : 'idle';
  const verb = entry.cause === 'poll' ? 'was polled' : 'was read';
  const text = gateway ? standing(gateway) : `${entry.gateway} ${verb}${part}`;
  const minor = gateway === null && (entry.cause === 'poll' || entry.part !== undefined);
  return { mark, text, detail: amounts(entry), subject, minor };
}

function presenceSentence(entry: ChangeSet): Sentence {
  const row = single(entry.presence?.upsert);
  const subject: Subject = { kind: 'gateway', gateway: entry.gateway };
  if (!row) return quiet('idle', `${entry.gateway}: clients changed`, amounts(entry), subject);
  const who = isolated(row.host ?? row.id);
  const detail = [row.mode, row.platform, row.clientVersion].filter(Boolean).join(' · ');
  return quiet(
    row.online ? 'idle' : 'offline',
    `${who} ${row.online ? 'is here' : 'left'}`,
    detail,
    subject,
  );
}

function removedSentence(entry: ChangeSet): Sentence | null {
  const session = single(entry.sessions?.remove);
  if (session) return quiet('offline', `A session was deleted`, session.key, null);
  const agent = single(entry.agents?.remove);
  if (agent) {
    return {
      mark: 'offline',
      text: `${agent.id} was removed`,
      detail: agent.gateway,
      subject: null,
      minor: false,
    };
  }
  return null;
}

function summary(entry: ChangeSet): Sentence {
  const subject: Subject = { kind: 'gateway', gateway: entry.gateway };
  return quiet('idle', `${amounts(entry) || 'Nothing'} changed`, entry.gateway, subject);
}

function amounts(entry: ChangeSet): string {
  const groups: [string, { upsert?: unknown[]; remove?: unknown[] } | undefined][] = [
    ['agent', entry.agents],
    ['session', entry.sessions],
    ['client', entry.presence],
  ];
  return groups
    .flatMap(([word, group]) => {
      const changed = group?.upsert?.length ?? 0;
      const gone = group?.remove?.length ?? 0;
      return [
        changed > 0 ? plural(changed, word) : '',
        gone > 0 ? `${plural(gone, word)} gone` : '',
      ];
    })
    .filter(Boolean)
    .join(' · ');
}

/** "1,204 in · 380 out · $0.012": what is not known is said to be unknown only for the cost. */
export function usage(session: Session): string {
  const parts = [
    session.inputTokens === null ? '' : `${count(session.inputTokens)} in`,
    session.outputTokens === null ? '' : `${count(session.outputTokens)} out`,
    money(session.costUsd) ?? 'cost unknown',
  ];
  return parts.filter(Boolean).join(' · ');
}

/** How much of the context is in use: "12.9K of 200K". */
export function contextUse(session: Session): string | null {
  if (session.totalTokens === null) return null;
  const all = session.contextTokens === null ? '' : ` of ${compact(session.contextTokens)}`;
  return `${compact(session.totalTokens)}${all}`;
}

export const titleOf = (session: Session): string => session.title ?? session.key;

function about(session: Session): string {
  return [titleOf(session), session.channel].filter(Boolean).join(' · ');
}

const modelOf = (agent: Agent): string => agent.model ?? '';
const ofAgent = ({ gateway, id }: Agent): Subject => ({ kind: 'agent', gateway, id });

function quiet(mark: Status, text: string, detail: string, subject: Subject | null): Sentence {
  return { mark, text, detail, subject, minor: true };
}

function single<T>(rows: readonly T[] | undefined): T | null {
  return rows?.length === 1 ? (rows[0] ?? null) : null;
}

function isNow(moment: number | null, updated: number | null): boolean {
  return moment !== null && updated !== null && Math.abs(updated - moment) < sameMomentMs;
}
