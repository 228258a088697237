import type { AuditEntry } from '../api/client';
import { count } from './format';

type Event = AuditEntry['event'];

/** An entry of the audit record as a sentence. Names stand apart, as they may hold anything. */
export interface AuditWords {
  /** Empty: the sentence begins with `text`. */
  who: string;
  text: string;
  /** What it was done to; empty: nothing. */
  what: string;
  where: string;
}

const done: Record<Event, string> = {
  'sign-in': 'signed in',
  'sign-out': 'signed out',
  request: 'asked for something',
  'token-create': 'made the token',
  'token-revoke': 'revoked the token',
  backup: 'made a backup',
  command: 'gave the command',
  'command-end': 'had this done:',
};

const tried: Record<Event, string> = {
  'sign-in': 'could not sign in',
  'sign-out': 'could not sign out',
  request: 'was not answered',
  'token-create': 'could not make the token',
  'token-revoke': 'could not revoke the token',
  backup: 'could not make a backup',
  command: 'could not give the command',
  'command-end': 'cannot be sure that this was done:',
};

/** Of somebody who is signed in. */
const refusals = {
  command: 'was not allowed the command',
  'command-end': 'was refused this by the gateway:',
};

const nouns: Record<Event, string> = {
  'sign-in': 'sign-in',
  'sign-out': 'sign-out',
  request: 'request',
  'token-create': 'new token',
  'token-revoke': 'revocation',
  backup: 'backup',
  command: 'command',
  'command-end': 'command',
};

export function auditInWords(entry: AuditEntry): AuditWords {
  const { event, result, who, subject } = entry;
  const rest = { what: subject ?? '', where: placeOf(entry) };
  if (result === 'ok') return { who: who ?? 'Somebody', text: done[event], ...rest };
  if (result === 'failed') return { who: who ?? 'Somebody', text: tried[event], ...rest };
  if (event === 'command' || event === 'command-end') {
    return { who: who ?? 'Somebody', text: refusals[event], ...rest };
  }
  return { who: '', text: `${amountOf(entry)} ${reasonOf(entry)}`, ...rest };
}

function amountOf({ event, times }: AuditEntry): string {
  return times === 1 ? `A ${nouns[event]} was` : `${count(times)} ${nouns[event]}s were`;
}

function reasonOf({ event, result }: AuditEntry): string {
  if (result === 'waiting') return 'not looked at: too many had failed before';
  return event === 'sign-in'
    ? 'refused: the token is none of ours'
    : 'refused: no valid token or sign-in';
}

function placeOf({ address, times }: AuditEntry): string {
  if (address !== null) return address;
  return times > 1 ? 'several addresses' : 'this server';
}
