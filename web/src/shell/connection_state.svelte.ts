import { localNow } from '../live/clock.svelte';
import type { FleetCopy } from '../live/fleet.svelte';
import { type ConnectionWords, connectionWords, live } from '../live/connection_words';

/** A shorter loss is not shown. */
const graceMs = 1_500;

/** Whether what is shown may be old: the connection to Control Center has been down or silent for a while. */
export function isStale(fleet: FleetCopy): boolean {
  const { state, since } = fleet.connection;
  return fleet.loaded && state !== 'live' && localNow() - since > graceMs;
}

/** The connection to Control Center, in words. */
export function describeConnection(fleet: FleetCopy): ConnectionWords {
  const brief = fleet.connection.state === 'lost' && fleet.loaded && !isStale(fleet);
  return brief ? live : connectionWords(fleet.connection, localNow());
}
