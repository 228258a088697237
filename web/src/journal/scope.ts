import type { ChangeSet, Query } from '../api/client';
import { type Concern, touches } from '../model/concern';
import { type Kind, kindOf } from '../model/kind';

/** Which entries a list holds: the filter for the server, and the same rule for entries of the stream. */
export interface Scope {
  query: Query;
  holds: (entry: ChangeSet) => boolean;
}

/** What the journal is filtered by; an empty list filters nothing. */
export interface Filter {
  kinds: readonly Kind[];
  gateways: readonly string[];
  agent: { gateway: string; id: string } | null;
}

export function scopeOf({ kinds, gateways, agent }: Filter): Scope {
  return {
    query: {
      types: kinds.join(','),
      gateway: gateways.join(','),
      agent: agent && `${agent.gateway}/${agent.id}`,
    },
    holds: (entry) =>
      (kinds.length === 0 || kinds.includes(kindOf(entry))) &&
      (gateways.length === 0 || gateways.includes(entry.gateway)) &&
      (agent === null || touches(entry, { kind: 'agent', ...agent })),
  };
}

/** All about one agent, session or gateway. */
export function scopeOfConcern(concern: Concern): Scope {
  return { query: queryOf(concern), holds: (entry) => touches(entry, concern) };
}

// The first slash divides: a gateway's name has none.
function queryOf(concern: Concern): Query {
  switch (concern.kind) {
    case 'agent':
      return { agent: `${concern.gateway}/${concern.id}` };
    case 'session':
      return { session: `${concern.gateway}/${concern.key}` };
    case 'gateway':
      return { gateway: concern.gateway, types: 'gateway.update,fleet.update' };
  }
}
