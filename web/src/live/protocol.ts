import type { Agent, ChangeSet, Cursor, Gateway } from '../api/client';

/** The state of the connection from the browser to Control Center; `quiet`: it is open, but nothing came for a while. */
export type ConnectionState = 'connecting' | 'live' | 'quiet' | 'lost' | 'signed-out';

export interface Connection {
  state: ConnectionState;
  /** Since when, by the browser's clock. */
  since: number;
  /** When the next attempt is made, while `quiet` or `lost`, by the browser's clock. */
  retryAt: number | null;
  /** A sentence for people, while `lost`. */
  reason: string | null;
}

/** Everything that the worker knows. A page that gets it forgets what it knew. */
export interface Everything {
  gateways: Gateway[];
  agents: Agent[];
}

/** What a page gets, at most once per frame, when it asks: everything since it asked last. */
export interface Delivery {
  connection: Connection;
  /** The place in the journal that the rows are at, and the commit time of its entry (null: none seen yet). */
  cursor: Cursor | null;
  asOf: number | null;
  /** Set at the first delivery, after a reset, and where a page fell far behind: lists have to be read again. */
  everything: Everything | null;
  /**
   * What came, oldest first, to be applied; with `everything` they are in it already, and the latest only: `missedEntries` of
   * them were left out before the first.
   */
  entries: ChangeSet[];
  missedEntries: number;
  /** How far the server's clock is ahead of the browser's, in milliseconds; null: not known yet. */
  ahead: number | null;
}

/**
 * What a page says. `next`: send what there is, or wait until there is something. `wake`: the machine or the network may have
 * slept, so check whether the stream is alive. `begin`: somebody is signed in, as far as the page knows; nobody asks the server
 * before. `reconnect`: somebody signed in, connect now. `signed-out`: somebody signed out
 * here, forget everything. `leave`: this page goes.
 */
export interface PageMessage {
  kind: 'next' | 'wake' | 'begin' | 'reconnect' | 'signed-out' | 'leave';
}
