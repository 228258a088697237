import type { Approval } from '../api/client';
import type { Status } from './status';
import { age } from './time';

export const isPending = ({ status }: Approval): boolean => status === 'pending';

/** What expires first stands first; what never does, last; then the oldest. */
export function compareApprovals(a: Approval, b: Approval): number {
  const byEnd = (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity);
  if (byEnd !== 0 && !Number.isNaN(byEnd)) return byEnd;
  return (a.createdAt ?? 0) - (b.createdAt ?? 0) || a.id.localeCompare(b.id);
}

/** How much time is left to decide. `now`: by the server's clock. */
export interface TimeLeft {
  text: string;
  over: boolean;
  /** So little that it should be decided first. */
  short: boolean;
}

const shortMs = 120_000;

export function timeLeft({ expiresAt }: Approval, now: number): TimeLeft {
  if (expiresAt === null) return { text: 'no time limit', over: false, short: false };
  const left = expiresAt - now;
  if (left <= 0) return { text: 'its time is over', over: true, short: true };
  const span = left < 5_000 ? `${String(Math.ceil(left / 1_000))} s` : age(now, expiresAt);
  return { text: `${span} left`, over: false, short: left < shortMs };
}

/** What a decision is called on its button. */
export const decisionLabels: Readonly<Record<string, string>> = {
  'allow-once': 'Allow once',
  'allow-always': 'Always allow',
  deny: 'Deny',
};

const endings: Record<Approval['status'], { mark: Status; word: string }> = {
  pending: { mark: 'waiting', word: 'waits for a decision' },
  allowed: { mark: 'idle', word: 'allowed' },
  denied: { mark: 'offline', word: 'denied' },
  answered: { mark: 'idle', word: 'answered' },
  cancelled: { mark: 'offline', word: 'cancelled' },
  expired: { mark: 'stalled', word: 'expired: nobody decided in time' },
};

/** How it stands or ended, and by whom. */
export function standingOf(approval: Approval): { mark: Status; word: string } {
  const { mark, word } = endings[approval.status];
  const always = approval.decision === 'allow-always' ? ' from now on' : '';
  const by = approval.decidedBy === null || isPending(approval) ? '' : ` by ${approval.decidedBy}`;
  return { mark, word: `${word}${always}${by}` };
}

/** What is asked, in a few words. */
export function askOf({ kind }: Approval): string {
  if (kind === 'question') return 'asks a question';
  return kind === 'plugin' ? 'asks for a permission' : 'wants to run a command';
}
