import { now } from '../live/clock.svelte';
import type { FleetCopy } from '../live/fleet.svelte';
import type { Status } from '../model/status';
import { age, duration } from '../model/time';

/** A shorter loss is not shown. */
const graceMs = 1_500;

/** Whether what is shown may be old: the connection to Control Center has been down for a while. */
export function isStale(fleet: FleetCopy): boolean {
  const { state, since } = fleet.connection;
  return fleet.loaded && state !== 'live' && now() - since > graceMs;
}

/** The connection to Control Center, in words. */
export function describeConnection(fleet: FleetCopy): {
  mark: Status;
  word: string;
  detail: string;
} {
  const { state } = fleet.connection;
  switch (state) {
    case 'live':
      return { mark: 'idle', word: 'Live', detail: 'Changes arrive as they happen' };
    case 'connecting':
      return { mark: 'working', word: 'Connecting', detail: '' };
    case 'signed-out':
      return { mark: 'offline', word: 'Signed out', detail: 'Sign in to go on' };
    case 'lost':
      return describeLoss(fleet);
  }
}

function describeLoss(fleet: FleetCopy): { mark: Status; word: string; detail: string } {
  const { since, retryAt, reason } = fleet.connection;
  const wait = retryAt === null ? 0 : retryAt - now();
  const next = wait < 1_000 ? 'Trying now.' : `Next try in ${duration(wait)}.`;
  const detail = `${reason ?? ''} ${next}`;
  if (!isStale(fleet) && fleet.loaded) return { mark: 'idle', word: 'Live', detail };
  const span = age(since, now());
  return { mark: 'error', word: span === 'now' ? 'Lost' : `Lost for ${span}`, detail };
}
