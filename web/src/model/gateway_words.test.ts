import { expect, it } from 'vitest';
import { gateway } from '../testing/rows';
import { outage, ownPages, remedyOf, spoken, standingOf, wasReached } from './gateway_words';

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

it('tells an outage: since when, which attempt, when the next one is', () => {
  const minute = 60_000;
  const down = gateway({ state: 'offline', since: 0, attempts: 41, nextAttemptAt: 26 * minute });
  expect(outage(down, 26 * minute - 12_000)).toBe('offline for 25 min · attempt 41 · next in 12 s');
  expect(outage(down, 26 * minute)).toBe('offline for 26 min · attempt 41 · trying now');
  expect(outage(gateway({ state: 'blocked', since: null }), 0)).toBe('blocked');
  expect(outage(gateway(), 0)).toBeNull();
});

it('says what to try where the server names no step', () => {
  const down = gateway({ state: 'offline', detail: 'connection refused' });
  expect(remedyOf(down)).toContain('Is OpenClaw running there?');
  expect(remedyOf({ ...down, action: 'openclaw devices approve 1' })).toBeNull();
  expect(remedyOf(gateway())).toBeNull();
});

it('knows a gateway that was never reached from one that was', () => {
  const never = gateway({ state: 'offline', connectedAt: null, lastEventAt: null });
  expect([wasReached(never), wasReached(gateway({ state: 'offline' }))]).toEqual([false, true]);
});

it('leads to the pages of OpenClaw itself where this browser can reach them', () => {
  const at = (url: string | null, page: string) => ownPages(gateway({ url }), page);
  expect(at('ws://studio.local:18789/', 'cc.local')).toBe('http://studio.local:18789/');
  expect(at('wss://studio.local/ws', 'cc.local')).toBe('https://studio.local/');
  expect(at('ws://127.0.0.1:18789/', 'localhost')).toBe('http://127.0.0.1:18789/');
  expect(at('ws://127.0.0.1:18789/', 'cc.local')).toBeNull();
  expect([at(null, 'cc.local'), at('no address', 'cc.local')]).toEqual([null, null]);
});
