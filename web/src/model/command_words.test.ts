import { describe, expect, it } from 'vitest';
import { command } from '../testing/rows';
import { outcomeOf, reachesRole, roleFor, verbOf } from './command_words';

describe('outcomeOf', () => {
  it('never calls something done that is not', () => {
    const marks = (['accepted', 'sent', 'refused', 'expired', 'unknown'] as const).map(
      (status) => outcomeOf(command({ status })).mark,
    );
    expect(marks).not.toContain('idle');
    expect(outcomeOf(command({ status: 'done' })).mark).toBe('idle');
  });

  it('tells the refusal in the words of the gateway', () => {
    const refused = command({ status: 'refused', sentAt: 1, detail: 'approval already resolved' });
    expect(outcomeOf(refused).detail).toBe('approval already resolved');
  });

  it('does not call it refused what its author took back', () => {
    const row = command({
      status: 'refused',
      sentAt: null,
      detail: 'Withdrawn by ada before it was sent.',
    });
    expect(outcomeOf(row).word).toBe('taken back');
    const sent = command({
      status: 'refused',
      sentAt: 5,
      detail: 'Withdrawn by ada before it was sent.',
    });
    expect(outcomeOf(sent).word).toBe('refused');
  });

  it('counts what was stopped', () => {
    const stop = { kind: 'stop', status: 'done' as const, target: {} };
    expect(
      outcomeOf(command({ ...stop, result: { stopped: ['a', 'b'], failed: [] } })).detail,
    ).toBe('2 sessions stopped.');
    expect(outcomeOf(command({ ...stop, result: { stopped: [], failed: [] } })).detail).toBe(
      'Nothing ran.',
    );
  });
});

it('names what was asked for, also a kind of another release', () => {
  expect(verbOf(command({ params: { decision: 'allow-once' } }))).toBe('allow once');
  expect(verbOf(command({ kind: 'stop', target: { agentId: 'a' }, params: {} }))).toBe(
    'stop an agent',
  );
  expect(verbOf(command({ kind: 'moon.land', params: {} }))).toBe('moon.land');
});

it('offers to a role what the table of kinds gives it', () => {
  expect(roleFor('approval.decide')).toBe('operator');
  expect(roleFor('cron.run')).toBe('operator');
  expect(roleFor('session.delete')).toBe('admin');
  expect(roleFor('device.approve')).toBe('admin');
  expect(reachesRole('viewer', 'operator')).toBe(false);
  expect(reachesRole('admin', 'operator')).toBe(true);
  expect(reachesRole(null, 'viewer')).toBe(false);
});
