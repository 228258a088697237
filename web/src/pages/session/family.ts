import {
  fetchSession,
  fetchSessions,
  type Page,
  type Result,
  type Session,
} from '../../api/client';
import type { FleetCopy } from '../../live/fleet.svelte';
import { LiveRows } from '../../live/live_rows.svelte';
import { sessionKey } from '../../model/keys';

/** How far up the tree we look. Nobody spawns deeper, and a ring would never end. */
const mostAncestors = 12;

const keyOf = (row: Session) => sessionKey(row.gateway, row.key);
const asPage = (items: Session[]): Result<Page<Session>> => ({
  ok: true,
  value: { items, total: items.length, next: null, cursor: '' },
});

/** The session itself, as a list of one. */
export function itself(fleet: FleetCopy, gateway: string, key: string): LiveRows<Session> {
  return new LiveRows<Session>(fleet, {
    load: async () => {
      const result = await fetchSession(gateway, key);
      if (result.ok) return asPage([result.value]);
      return result.failure.status === 404 ? asPage([]) : result;
    },
    keyOf,
    changed: ({ sessions }) => sessions,
    belongs: (row) => row.gateway === gateway && row.key === key,
  });
}

export function childrenOf(fleet: FleetCopy, gateway: string, key: string): LiveRows<Session> {
  return new LiveRows<Session>(fleet, {
    load: () => fetchSessions({ gateway, parentKey: [key], sort: '-updatedAt', limit: 1_000 }),
    keyOf,
    changed: ({ sessions }) => sessions,
    belongs: (row) => row.gateway === gateway && row.parentKey === key,
  });
}

/** The session that spawned it, and that one's parent, and so on. A parent that is gone ends the line. */
export function ancestorsOf(
  fleet: FleetCopy,
  gateway: string,
  parentKey: string,
): LiveRows<Session> {
  const keys = new Set<string>();
  return new LiveRows<Session>(fleet, {
    load: async () => {
      const rows: Session[] = [];
      let key: string | null = parentKey;
      while (key !== null && rows.length < mostAncestors && rows.every((row) => row.key !== key)) {
        const result: Result<Session> = await fetchSession(gateway, key);
        if (!result.ok && result.failure.status !== 404) return result;
        if (!result.ok) break;
        rows.push(result.value);
        key = result.value.parentKey;
      }
      for (const row of rows) keys.add(row.key);
      return asPage(rows);
    },
    keyOf,
    changed: ({ sessions }) => sessions,
    belongs: (row) => row.gateway === gateway && keys.has(row.key),
  });
}

/** The line of ancestors as the rows tell it, the parent first. */
export function lineOf(rows: ReadonlyMap<string, Session>, gateway: string, parentKey: string) {
  const line: Session[] = [];
  let next = rows.get(sessionKey(gateway, parentKey));
  while (next && !line.includes(next)) {
    line.push(next);
    next = next.parentKey === null ? undefined : rows.get(sessionKey(gateway, next.parentKey));
  }
  return line;
}
