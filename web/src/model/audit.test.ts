import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../api/client';
import { auditInWords } from './audit';

const entry = (over: Partial<AuditEntry>): AuditEntry => ({
  id: 1,
  at: 0,
  event: 'sign-in',
  result: 'ok',
  who: 'admin',
  address: '192.0.2.1',
  subject: null,
  times: 1,
  ...over,
});

const said = (over: Partial<AuditEntry>): string => {
  const { who, text, what, where } = auditInWords(entry(over));
  return [who, text, what, `(${where})`].filter(Boolean).join(' ');
};

describe('auditInWords', () => {
  it('says who did what to what', () => {
    expect(said({})).toBe('admin signed in (192.0.2.1)');
    expect(said({ event: 'token-create', subject: 't1 nightly' })).toBe(
      'admin made the token t1 nightly (192.0.2.1)',
    );
    expect(said({ event: 'backup', result: 'failed', address: null })).toBe(
      'admin could not make a backup (this server)',
    );
  });

  it('says what became of commands', () => {
    const ended = { event: 'command-end', address: null, subject: 'stop c1 studio' } as const;
    expect(said(ended)).toBe('admin had this done: stop c1 studio (this server)');
    expect(said({ ...ended, result: 'refused' })).toBe(
      'admin was refused this by the gateway: stop c1 studio (this server)',
    );
  });

  it('counts what was refused again and again', () => {
    expect(said({ result: 'refused', who: null })).toBe(
      'A sign-in was refused: the token is none of ours (192.0.2.1)',
    );
    expect(
      said({ event: 'request', result: 'refused', who: null, times: 1_200, address: null }),
    ).toBe('1,200 requests were refused: no valid token or sign-in (several addresses)');
    expect(said({ result: 'waiting', who: null, times: 3 })).toBe(
      '3 sign-ins were not looked at: too many had failed before (192.0.2.1)',
    );
  });
});
