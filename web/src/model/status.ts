import type { Agent, Gateway, Session } from '../api/client';

export type Status = Agent['status'];
export type GatewayState = Gateway['state'];

/** From the most to the least severe; also the order of rows and chips. */
export const statuses: readonly Status[] = [
  'error',
  'stalled',
  'waiting',
  'unknown',
  'offline',
  'working',
  'idle',
];

/** What each status means, for those who ask. */
export const aboutStatus: Readonly<Record<Status, string>> = {
  error: 'The latest run failed or timed out',
  stalled: 'A run is active, but has shown no progress for too long',
  waiting: 'A run is waiting for somebody to approve a step',
  unknown: 'Its gateway cannot be reached, so nobody knows',
  offline: 'Its gateway says that it is down (told over REST only)',
  working: 'A run is active',
  idle: 'Ready, and nothing to do',
};

/** Statuses that need a person's attention. */
export const exceptions: readonly Status[] = ['error', 'stalled', 'waiting', 'unknown', 'offline'];

const rank = new Map(statuses.map((status, index) => [status, index]));

/** 0 for the most severe. */
export function severity(status: Status): number {
  return rank.get(status) ?? statuses.length;
}

/** Whether a gateway tells us how its agents are. */
export function speaks(gateway: Gateway | undefined): boolean {
  return gateway?.state === 'live' || gateway?.state === 'polling';
}

/**
 * The status to show: what was reported, or `unknown` while the gateway does not speak to us. It is not journaled, so readers of
 * the stream derive it (docs/protocol/stream.md, "Agent status").
 */
export function shownStatus(agent: Agent, gateway: Gateway | undefined): Status {
  return speaks(gateway) ? agent.reportedStatus : 'unknown';
}

const markOfSession = new Map<string | null, Status>([
  ['running', 'working'],
  ['done', 'idle'],
  ['failed', 'error'],
  ['timeout', 'error'],
  ['killed', 'offline'],
  ['queued', 'offline'],
]);

/** The mark that a session's word is shown with; the word itself stays the gateway's. */
export function markOfSessionStatus(word: string | null): Status {
  return markOfSession.get(word) ?? 'unknown';
}

/** How a session's row is shown: what holds its run up, else the gateway's word. */
export const shownSession = ({ heldUp, status }: Session): { mark: Status; word: string } =>
  heldUp === null
    ? { mark: markOfSessionStatus(status), word: status ?? 'never ran' }
    : { mark: heldUp, word: heldUp };

/** What is to be said of a run that is held up. */
export const wordsForHeldUp: Readonly<Record<NonNullable<Session['heldUp']>, string>> = {
  waiting: 'Needs approval',
  stalled: 'No progress',
};

/** Whether the latest run failed: its `lastError` says why. */
export const isFailing = ({ status }: { status: string | null }): boolean =>
  markOfSessionStatus(status) === 'error';

const markOfState: Record<GatewayState, Status> = {
  live: 'idle',
  polling: 'waiting',
  connecting: 'working',
  offline: 'error',
  blocked: 'error',
};

export function markOfGateway(state: GatewayState): Status {
  return markOfState[state];
}

const gatewayOrder: readonly GatewayState[] = [
  'blocked',
  'offline',
  'connecting',
  'polling',
  'live',
];

/** The most severe first, then by name. */
export function compareGateways(a: Gateway, b: Gateway): number {
  const bySeverity = gatewayOrder.indexOf(a.state) - gatewayOrder.indexOf(b.state);
  return bySeverity === 0 ? a.name.localeCompare(b.name) : bySeverity;
}
