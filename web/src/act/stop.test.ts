import { expect, it } from 'vitest';
import { gateway } from '../testing/rows';
import { stopOrders, unreachedBy } from './stop';

const gateways = [
  gateway({ name: 'office' }),
  gateway({ name: 'lab' }),
  gateway({ name: 'attic', can: [], state: 'offline' }),
];

it('stops the fleet gateway by gateway, and says at which nothing is stopped', () => {
  expect(stopOrders({ name: 'in the fleet' }, gateways)).toEqual([
    { gateway: 'office', kind: 'stop', target: {}, params: {} },
    { gateway: 'lab', kind: 'stop', target: {}, params: {} },
  ]);
  expect(unreachedBy({ name: 'in the fleet' }, gateways)).toEqual(['attic']);
});

it('stops an agent at its own gateway alone', () => {
  const scope = { gateway: 'lab', agentId: 'otto', name: 'of Otto' };
  expect(stopOrders(scope, gateways)).toEqual([
    { gateway: 'lab', kind: 'stop', target: { agentId: 'otto' }, params: {} },
  ]);
  expect(unreachedBy(scope, gateways)).toEqual([]);
});
