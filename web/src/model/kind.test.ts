import { expect, it } from 'vitest';
import { entry } from '../testing/rows';
import { kindOf, kinds } from './kind';

it('names the kind of an entry as the stream does', () => {
  expect(kindOf(entry({ cause: 'agent.run' }))).toBe('agent.update');
  expect(kindOf(entry({ cause: 'resync' }))).toBe('fleet.update');
  expect(kindOf(entry({ cause: 'gap' }))).toBe('gateway.update');
  expect(kindOf(entry({ cause: 'command' }))).toBe('command.update');
  expect(kindOf(entry({ cause: 'approval' }))).toBe('agent.update');
  expect(kindOf(entry({ cause: 'approval', approvals: {} }))).toBe('approval.update');
});

it('offers each kind once', () => {
  expect(new Set(kinds.map(({ id }) => id)).size).toBe(8);
});
