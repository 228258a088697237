import type { Command, Role } from '../api/client';
import { plural } from './format';
import type { Status } from './status';

/** How a command stands, in words. `open`: it has not ended. */
export interface Outcome {
  mark: Status;
  word: string;
  /** A sentence, the gateway's where it refused; empty where there is no more to say. */
  detail: string;
  open: boolean;
}

const words: Record<Command['status'], { mark: Status; word: string; open?: true }> = {
  accepted: { mark: 'working', word: 'accepted, not sent yet', open: true },
  sent: { mark: 'working', word: 'sent', open: true },
  done: { mark: 'idle', word: 'done' },
  refused: { mark: 'error', word: 'refused' },
  expired: { mark: 'stalled', word: 'expired, it was never sent' },
  unknown: { mark: 'waiting', word: 'unknown: it was sent, and the answer was lost' },
};

export function outcomeOf(command: Command): Outcome {
  const { mark, word, open = false } = words[command.status];
  if (wasTakenBack(command)) return { mark: 'offline', word: 'taken back', detail: '', open };
  return { mark, word, open, detail: command.detail ?? stoppedIn(command) };
}

/** It was withdrawn before it was sent: nobody refused anything. */
export const wasTakenBack = ({ status, sentAt, detail }: Command): boolean =>
  status === 'refused' && sentAt === null && /^Withdrawn by /.test(detail ?? '');

// Of a "stop": how many sessions were stopped.
function stoppedIn({ kind, result }: Command): string {
  const stopped = result?.['stopped'];
  if (kind !== 'stop' || !Array.isArray(stopped)) return '';
  return stopped.length === 0 ? 'Nothing ran.' : `${plural(stopped.length, 'session')} stopped.`;
}

const verbs: Readonly<Record<string, string>> = {
  'approval.decide': 'decide',
  'question.answer': 'answer a question',
  'question.cancel': 'leave a question unanswered',
  'session.send': 'send a message',
  'session.abort': 'stop a session',
  'session.create': 'begin a session',
  'session.patch': 'change a session',
  'session.reset': 'reset a session',
  'session.compact': 'compact a session',
  'session.delete': 'delete a session',
  stop: 'stop everything',
  'agent.create': 'create an agent',
  'agent.update': 'change an agent',
  'agent.delete': 'delete an agent',
  'cron.run': 'run a job now',
  'cron.create': 'create a job',
  'cron.update': 'change a job',
  'cron.delete': 'delete a job',
  'device.approve': 'approve a device',
  'device.reject': 'reject a device',
  'device.remove': 'remove a device',
};

/** What was asked for: "deny", "stop an agent". A kind that we do not know is told by its name. */
export function verbOf({
  kind,
  params,
  target,
}: Pick<Command, 'kind' | 'params' | 'target'>): string {
  const decision = params['decision'];
  if (kind === 'approval.decide' && typeof decision === 'string') return decision.replace('-', ' ');
  if (kind === 'stop' && target.agentId !== undefined) return 'stop an agent';
  if (kind === 'stop' && target.sessionKey !== undefined) return 'stop a session';
  return verbs[kind] ?? kind;
}

const ofAdmins = /^(session\.(reset|compact|delete)|agent\.|cron\.(create|update|delete)|device\.)/;

/** The least role that may. The server checks it; here it only decides what is offered. */
export const roleFor = (kind: string): Role => (ofAdmins.test(kind) ? 'admin' : 'operator');

const ranks: readonly Role[] = ['viewer', 'operator', 'admin'];

export const reachesRole = (role: Role | null, least: Role): boolean =>
  role !== null && ranks.indexOf(role) >= ranks.indexOf(least);
