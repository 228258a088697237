import type { Approval, Command, CronJob } from '../api/client';
import { standingOf } from './approval';
import { outcomeOf, verbOf } from './command_words';
import { aboutAgent, type Names, sentence, type Sentence, type Subject } from './sentence';
import { duration } from './time';
import { revealed } from './visible';

/** What an agent asks of a person, or how that was decided. */
export function approvalSentence(row: Approval, names: Names): Sentence {
  const { gateway, agentId, sessionKey, command, questions } = row;
  const { mark, word } = standingOf(row);
  const waits = row.status === 'pending';
  const what = row.kind === 'question' ? 'question' : 'request';
  return sentence({
    ...whoseIs(gateway, agentId, names),
    mark,
    text: waits
      ? row.kind === 'question'
        ? 'asks a question'
        : 'needs approval'
      : `· ${what} ${word}`,
    detail: oneLine(command ?? questions?.[0]?.text ?? row.title ?? ''),
    subject: subjectOf(gateway, agentId, sessionKey),
    problem: waits,
  });
}

/** What somebody told a gateway, or what became of it. */
export function commandSentence(row: Command, names: Names): Sentence {
  const { gateway, target, author } = row;
  const { mark, word, detail, open } = outcomeOf(row);
  const agent = target.agentId;
  const session = target.sessionKey;
  const about =
    agent !== undefined
      ? names.agent(gateway, agent)
      : session !== undefined
        ? (names.session(gateway, session) ?? session)
        : '';
  return sentence({
    who: author.name,
    where: gateway,
    mark,
    text: `· ${verbOf(row)}: ${word}`,
    detail: [about, detail].filter(Boolean).join(' · '),
    subject: subjectOf(gateway, agent ?? null, session ?? null),
    // Its end tells all of it.
    minor: open,
  });
}

/** How a job of the schedule stands. */
export function jobSentence(row: CronJob, names: Names): Sentence {
  const { gateway, agentId, runningSince, lastStatus, lastDurationMs, lastError, enabled } = row;
  const failed = lastStatus === 'error';
  const took = lastDurationMs === null ? '' : ` after ${duration(lastDurationMs)}`;
  const text =
    runningSince !== null
      ? 'started by the schedule'
      : !enabled
        ? '· job is disabled'
        : lastStatus === null
          ? '· job was changed'
          : `· job ended: ${lastStatus}${took}`;
  return sentence({
    who: row.name ?? row.id,
    where: gateway,
    mark: runningSince !== null ? 'working' : failed ? 'error' : enabled ? 'idle' : 'offline',
    text,
    detail: [agentId === null ? '' : names.agent(gateway, agentId), failed ? (lastError ?? '') : '']
      .filter(Boolean)
      .join(' · '),
    subject: subjectOf(gateway, agentId, null),
    minor: !failed,
    problem: failed && runningSince === null,
  });
}

function whoseIs(gateway: string, id: string | null, names: Names) {
  return id === null ? { who: gateway } : aboutAgent(gateway, id, names.agent(gateway, id), names);
}

function subjectOf(gateway: string, agent: string | null, session: string | null): Subject {
  if (session !== null) return { kind: 'session', gateway, key: session };
  return agent === null ? { kind: 'gateway', gateway } : { kind: 'agent', gateway, id: agent };
}

const oneLine = (text: string) => revealed(text.slice(0, 200).replaceAll(/[\t\n ]+/g, ' '));
