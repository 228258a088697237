import type { Agent, Gateway } from '../api/client';

export type Status = Agent['status'];
export type GatewayState = Gateway['state'];

/** From what hurts most to what does not hurt; also the order of rows and chips. */
export const statuses: readonly Status[] = [
  'error',
  'stalled',
  'waiting',
  'unknown',
  'offline',
  'working',
  'idle',
];

/** Statuses that want a person's eye. */
export const exceptions: readonly Status[] = ['error', 'stalled', 'waiting', 'unknown', 'offline'];

const rank = new Map(statuses.map((status, index) => [status, index]));

/** 0 for what hurts most. */
export function severity(status: Status): number {
  return rank.get(status) ?? statuses.length;
}

/** Whether a gateway tells us how its agents are. */
export function speaks(gateway: Gateway | undefined): boolean {
  return gateway?.state === 'live' || gateway?.state === 'polling';
}

/**
 * The status to show: what was reported, or `unknown` while the gateway does not speak to us. Not journaled, so everybody
 * who reads the stream derives it.
 */
export function shownStatus(agent: Agent, gateway: Gateway | undefined): Status {
  return speaks(gateway) ? agent.reportedStatus : 'unknown';
}

/** Why the agent is as it is, in the agent's or the gateway's own words; null where there is nothing to say. */
export function whyOf(agent: Agent, gateway: Gateway | undefined): string | null {
  if (speaks(gateway)) return agent.statusReason;
  if (!gateway) return 'its gateway is gone';
  const was = agent.reportedStatus === 'unknown' ? '' : `, last ${agent.reportedStatus}`;
  return `${gateway.name} is ${gateway.state}${was}`;
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

const markOfState: Record<GatewayState, Status> = {
  live: 'idle',
  polling: 'waiting',
  connecting: 'working',
  offline: 'unknown',
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

/** What hurts first, then by name. */
export function compareGateways(a: Gateway, b: Gateway): number {
  const bySeverity = gatewayOrder.indexOf(a.state) - gatewayOrder.indexOf(b.state);
  return bySeverity === 0 ? a.name.localeCompare(b.name) : bySeverity;
}
