import type { Gateway } from '../api/client';
import { count, plural } from './format';
import { markOfGateway, speaks, type Status } from './status';
import { age, duration } from './time';

/** The source of a gateway: "WebSocket v4", "REST". */
export function spoken(gateway: Gateway): string {
  if (gateway.source === 'rest') return 'REST';
  if (gateway.source === null) return 'not connected';
  return gateway.protocol === null ? 'WebSocket' : `WebSocket v${String(gateway.protocol)}`;
}

/** The state of all gateways in a few words; `gateways` with the most severe first. */
export function standingOf(gateways: readonly Gateway[]): { mark: Status; word: string } {
  const troubled = gateways.filter(({ state }) => state !== 'live');
  const [worst] = troubled;
  if (!worst) return { mark: gateways.length > 0 ? 'idle' : 'offline', word: 'Gateways' };
  const mark = markOfGateway(worst.state);
  return troubled.length === 1
    ? { mark, word: `${worst.name} ${worst.state}` }
    : { mark, word: `${plural(troubled.length, 'gateway')} not live` };
}

/** Whether the gateway was ever reached; while it was not, its counts tell nothing. */
export const wasReached = (gateway: Gateway): boolean =>
  gateway.connectedAt !== null || gateway.lastEventAt !== null || speaks(gateway);

/** "offline for 26 min · attempt 41 · next in 12 s"; `now` by the server's clock. Null while it is live. */
export function outage(gateway: Gateway, now: number): string | null {
  const { state, since, attempts, nextAttemptAt } = gateway;
  if (state === 'live') return null;
  const span = since === null ? 'now' : age(since, now);
  const parts = [span === 'now' ? state : `${state} for ${span}`];
  if (attempts > 0) parts.push(`attempt ${count(attempts)}`);
  if (nextAttemptAt !== null) parts.push(nextTry(nextAttemptAt - now));
  return parts.join(' · ');
}

function nextTry(wait: number): string {
  // In whole seconds: it is counted down.
  return wait < 1_000 ? 'trying now' : `next in ${duration(wait).replace(/\.\d/, '')}`;
}

/**
 * Where OpenClaw's own pages are: at the gateway's address. Null where that is not known, or leads nowhere from here: `pageHost` is the
 * host that this page is of.
 */
export function ownPages({ url }: Gateway, pageHost: string): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, host, hostname } = new URL(url);
  if (isOnlyThere(hostname) && !isOnlyThere(pageHost)) return null;
  return `${/^(wss|https):$/.test(protocol) ? 'https' : 'http'}://${host}/`;
}

const isOnlyThere = (host: string) =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal)$/.test(host);

const remedies: readonly (readonly [RegExp, string])[] = [
  [/refused/i, 'Nothing listens on that port. Is OpenClaw running there?'],
  [/timed? ?out|no answer|unreachable/i, 'Is the host up, and does a firewall let us through?'],
  [/resolve|not found|no such host|unknown host/i, 'Is the host name spelled right?'],
];

/** What to try, where the server names no step; null where we do not know either. */
export function remedyOf({ action, detail }: Gateway): string | null {
  if (action !== null || detail === null) return null;
  return remedies.find(([pattern]) => pattern.test(detail))?.[1] ?? null;
}
