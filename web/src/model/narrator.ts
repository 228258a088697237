import type { Agent, ChangeSet, Gateway, Session } from '../api/client';
import { approvalSentence, commandSentence, jobSentence } from './acting_sentence';
import { agentKey, sessionKey } from './keys';
import {
  aboutAgent,
  agentsSentence,
  amounts,
  changedSentence,
  deletedSentence,
  endSentence,
  gapSentence,
  gatewaySentence,
  listed,
  type Names,
  ofOneEvent,
  recoverySentence,
  sentence,
  type Sentence,
  startSentence,
  stateSentence,
  type Subject,
  troubleSentence,
} from './sentence';
import { markOfSessionStatus, severity, type Status } from './status';

/** The moment of a change and the commit of its entry are this close, also on a busy server. */
const sameMomentMs = 5_000;
/** Two moments of one event are told by the gateway within this. */
const sameEventMs = 2_000;

const troubles: ReadonlySet<Status> = new Set(['error', 'stalled', 'waiting', 'offline']);

/**
 * Tells entries, oldest first, one after the other. It remembers what it told: a change is told once, and rows that change
 * while their status stays are not news. About what came before its first entry it knows only what the rows say.
 */
export class Narrator {
  readonly #agents = new Map<string, { status: Status; since: number; runs: number }>();
  /** Agents that were in trouble, and did not get out of it yet. */
  readonly #troubled = new Map<string, Status>();
  /** The latest start and end that was told of each session. */
  readonly #moments = new Map<string, { start: number | null; end: number | null }>();
  readonly #titles = new Map<string, string>();
  readonly #gateways = new Map<string, Gateway>();
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = {
      ...names,
      session: (gateway, key) =>
        this.#titles.get(sessionKey(gateway, key)) ?? names.session(gateway, key),
    };
  }

  tell(entry: ChangeSet): Sentence {
    const told = this.#sentence(entry);
    for (const agent of entry.agents?.upsert ?? []) this.#remember(agent);
    for (const { gateway, key, title } of entry.sessions?.upsert ?? []) {
      if (title !== null) this.#titles.set(sessionKey(gateway, key), title);
    }
    return told;
  }

  #sentence(entry: ChangeSet): Sentence {
    switch (entry.cause) {
      case 'connection':
      case 'gap':
        return this.#connection(entry) ?? summary(entry);
      case 'presence':
        return presenceSentence(entry);
      case 'configuration':
        return configurationSentence(entry);
      case 'initial-sync':
        return this.#sync(entry);
      case 'resync':
      case 'poll':
        return this.#agentsNews(entry) ?? this.#sync(entry);
      case 'agent.config':
        return this.#configured(entry) ?? summary(entry);
      case 'sessions.changed':
        return this.#sessions(entry) ?? this.#agentsNews(entry) ?? this.#rest(entry);
      case 'command':
        return this.#command(entry) ?? summary(entry);
      case 'cron':
        return this.#job(entry);
      case 'approval':
        return this.#approval(entry) ?? this.#agentsNews(entry) ?? this.#rest(entry);
      case 'agent.run':
      case 'stall':
        return this.#agentsNews(entry) ?? this.#sessions(entry) ?? this.#rest(entry);
    }
  }

  #command(entry: ChangeSet): Sentence | null {
    const row = single(entry.commands?.upsert);
    return row && commandSentence(row, this.#names);
  }

  #approval(entry: ChangeSet): Sentence | null {
    const row = single(entry.approvals?.upsert);
    return row && approvalSentence(row, this.#names);
  }

  #job(entry: ChangeSet): Sentence {
    const row = single(entry.cron?.upsert);
    return row ? jobSentence(row, this.#names) : summary(entry);
  }

  #connection(entry: ChangeSet): Sentence | null {
    const row = single(entry.gateways?.upsert);
    if (!row) return null;
    return entry.cause === 'gap' ? gapSentence(row) : this.#gateway(row);
  }

  #gateway(row: Gateway): Sentence {
    const told = gatewaySentence(row);
    const before = this.#gateways.get(row.name);
    this.#gateways.set(row.name, row);
    if (before && isAsBefore(before, row)) {
      return { ...told, text: `${told.text} as before`, minor: true, problem: false };
    }
    // That one is reached is a problem's end only where it was lost before.
    const isFine = row.state === 'live' && (!before || before.state === 'live');
    return isFine ? { ...told, problem: false } : told;
  }

  #sync(entry: ChangeSet): Sentence {
    const gateway = single(entry.gateways?.upsert);
    const detail = amounts([entry]);
    if (gateway) return { ...this.#gateway(gateway), detail, subject: of(entry) };
    const mark = entry.cause === 'poll' ? 'waiting' : 'idle';
    const verb = { poll: 'was polled', resync: 'was read again' }[entry.cause as string];
    const text = verb ?? 'was read';
    return sentence({ mark, who: entry.gateway, text, detail, subject: of(entry), minor: true });
  }

  // What is news about agents' statuses; null where nothing is.
  #agentsNews(entry: ChangeSet): Sentence | null {
    const changed = (entry.agents?.upsert ?? []).filter((agent) => this.#isChange(agent, entry));
    const inTrouble = changed
      .filter(({ reportedStatus }) => troubles.has(reportedStatus))
      .sort((a, b) => severity(a.reportedStatus) - severity(b.reportedStatus));
    const [worst] = inTrouble;
    if (!worst) return this.#recovery(entry, changed);
    const alike = inTrouble.filter(({ reportedStatus }) => reportedStatus === worst.reportedStatus);
    return alike.length > 1
      ? agentsSentence(alike, this.#names)
      : troubleSentence(worst, this.#names);
  }

  #recovery(entry: ChangeSet, changed: readonly Agent[]): Sentence | null {
    const well = changed.find((agent) => {
      const was = this.#troubled.get(keyOf(agent));
      return was !== undefined && isOver(was, agent.reportedStatus);
    });
    return well ? recoverySentence(well, single(entry.sessions?.upsert), this.#names) : null;
  }

  #isChange({ gateway, id, reportedStatus, statusSince }: Agent, { at }: ChangeSet): boolean {
    const before = this.#agents.get(agentKey(gateway, id));
    return before
      ? before.status !== reportedStatus || before.since !== statusSince
      : Math.abs(at - statusSince) < sameMomentMs;
  }

  #sessions(entry: ChangeSet): Sentence | null {
    const rows = entry.sessions?.upsert ?? [];
    const failed = rows.filter((row) => isFailure(row) && this.#isEnd(row));
    if (failed.length > 1) return failuresSentence(failed, this.#names);
    const row = failed[0] ?? single(rows);
    if (!row) return null;
    const told = this.#session(row, single(entry.agents?.upsert));
    const news = this.#agentsNews(entry);
    if (!news) return told;
    const differ = (news.mark === 'error') !== (told.mark === 'error');
    return told.minor || differ || entry.agents?.upsert?.length !== 1
      ? news
      : ofOneEvent(news, told);
  }

  #session(row: Session, agent: Agent | null): Sentence {
    const key = sessionKey(row.gateway, row.key);
    const moments = this.#moments.get(key) ?? { start: null, end: null };
    if (this.#isStart(row)) {
      this.#moments.set(key, { ...moments, start: row.startedAt });
      return startSentence(row, this.#names);
    }
    if (!this.#isEnd(row)) return changedSentence(row, this.#names);
    this.#moments.set(key, { ...moments, end: row.endedAt });
    return endSentence(row, row.lastError ?? agent?.statusReason ?? null, this.#names);
  }

  #isStart(row: Session): boolean {
    const told = this.#moments.get(sessionKey(row.gateway, row.key))?.start;
    return (
      row.status === 'running' && isNow(row.startedAt, row.updatedAt) && row.startedAt !== told
    );
  }

  #isEnd(row: Session): boolean {
    const told = this.#moments.get(sessionKey(row.gateway, row.key))?.end;
    return (
      row.status !== null &&
      row.status !== 'running' &&
      isNow(row.endedAt, row.updatedAt) &&
      row.endedAt !== told
    );
  }

  #configured(entry: ChangeSet): Sentence | null {
    const agent = single(entry.agents?.upsert);
    if (!agent) return this.#removed(entry);
    return sentence({
      ...aboutAgent(agent.gateway, agent.id, agent.name, this.#names),
      text: 'was configured',
      detail: agent.model ?? '',
      subject: { kind: 'agent', gateway: agent.gateway, id: agent.id },
      minor: true,
    });
  }

  #rest(entry: ChangeSet): Sentence {
    // That its agent has one session less is no news beside it.
    const removed = this.#removed(entry);
    if (removed) return removed;
    const agent = single(entry.agents?.upsert);
    if (!agent) return summary(entry);
    const before = this.#agents.get(keyOf(agent));
    const told = stateSentence(agent, single(entry.sessions?.upsert), this.#names);
    return before && before.runs > agent.activeRuns ? { ...told, half: 'end' } : told;
  }

  #removed(entry: ChangeSet): Sentence | null {
    const session = single(entry.sessions?.remove);
    if (session) return deletedSentence(session.gateway, session.key, this.#names);
    const agent = single(entry.agents?.remove);
    return (
      agent &&
      sentence({
        ...aboutAgent(
          agent.gateway,
          agent.id,
          this.#names.agent(agent.gateway, agent.id),
          this.#names,
        ),
        mark: 'offline',
        text: 'was removed',
        detail: agent.gateway,
      })
    );
  }

  #remember(agent: Agent): void {
    const key = keyOf(agent);
    const { reportedStatus: status, statusSince: since, activeRuns: runs } = agent;
    this.#agents.set(key, { status, since, runs });
    const was = this.#troubled.get(key);
    if (troubles.has(status)) this.#troubled.set(key, status);
    else if (was && isOver(was, status)) this.#troubled.delete(key);
  }
}

// An agent that works after an error has not shown yet that it is well.
function isOver(was: Status, is: Status): boolean {
  return is === 'idle' || (is === 'working' && was !== 'error');
}

function failuresSentence(rows: readonly Session[], names: Names): Sentence {
  const [first] = rows;
  return sentence({
    mark: 'error',
    who: `${String(rows.length)} runs`,
    where: first?.gateway ?? '',
    text: 'failed',
    detail: listed(
      rows.map(({ gateway, agentId, key }) =>
        agentId === null ? key : names.agent(gateway, agentId),
      ),
    ),
    subject: first ? { kind: 'gateway', gateway: first.gateway } : null,
    problem: true,
  });
}

function configurationSentence(entry: ChangeSet): Sentence {
  const left = (entry.gateways?.remove ?? []).length > 0;
  return sentence({
    mark: left ? 'offline' : 'working',
    who: entry.gateway,
    text: left ? 'was removed from the configuration' : 'was added to the configuration',
    detail: left ? amounts([entry]) : '',
    subject: of(entry),
  });
}

function isAsBefore(a: Gateway, b: Gateway): boolean {
  return a.state === b.state && a.source === b.source && a.detail === b.detail;
}

function presenceSentence(entry: ChangeSet): Sentence {
  const row = single(entry.presence?.upsert);
  const base = { subject: of(entry), minor: true };
  if (!row) {
    return sentence({
      ...base,
      who: entry.gateway,
      text: 'clients changed',
      detail: amounts([entry]),
    });
  }
  return sentence({
    ...base,
    mark: row.online ? 'idle' : 'offline',
    who: row.host ?? row.id,
    text: row.online ? 'connected' : 'disconnected',
    detail: [row.mode, row.platform, row.clientVersion].filter(Boolean).join(' · '),
  });
}

function summary(entry: ChangeSet): Sentence {
  const changed = amounts([entry]);
  return sentence({
    mark: worstOf(entry),
    who: changed === '' ? entry.gateway : changed,
    where: changed === '' ? '' : entry.gateway,
    text: changed.endsWith('removed') ? '' : 'changed',
    subject: of(entry),
    minor: true,
  });
}

function worstOf(entry: ChangeSet): Status {
  const marks = [
    ...(entry.agents?.upsert ?? []).map(({ reportedStatus }) => reportedStatus),
    ...(entry.sessions?.upsert ?? []).map(({ status }) => markOfSessionStatus(status)),
  ];
  return marks.sort((a, b) => severity(a) - severity(b))[0] ?? 'idle';
}

const of = ({ gateway }: ChangeSet): Subject => ({ kind: 'gateway', gateway });
const keyOf = ({ gateway, id }: Agent): string => agentKey(gateway, id);
const isFailure = ({ status }: Session): boolean => markOfSessionStatus(status) === 'error';

function single<T>(rows: readonly T[] | undefined): T | null {
  return rows?.length === 1 ? (rows[0] ?? null) : null;
}

function isNow(moment: number | null, updated: number | null): boolean {
  return moment !== null && updated !== null && Math.abs(updated - moment) < sameEventMs;
}
