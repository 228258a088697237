import { expect, it } from 'vitest';
import { gateway } from '../testing/rows';
import { spoken, standingOf } from './gateway_words';

it('says by which way a gateway is heard', () => {
  expect(spoken(gateway())).toBe('WebSocket v4');
  expect(spoken(gateway({ source: 'rest' }))).toBe('REST');
  expect(spoken(gateway({ source: null }))).toBe('not connected');
});

it('is quiet while all gateways are live, names the one that is not, and counts several', () => {
  const live = gateway();
  const blocked = gateway({ name: 'lab', state: 'blocked' });
  expect(standingOf([live])).toEqual({ mark: 'idle', word: 'Gateways' });
  expect(standingOf([blocked, live])).toEqual({ mark: 'error', word: 'lab blocked' });
  const offline = gateway({ name: 'attic', state: 'offline' });
  expect(standingOf([blocked, offline, live]).word).toBe('2 gateways not live');
  expect(standingOf([]).mark).toBe('offline');
});
