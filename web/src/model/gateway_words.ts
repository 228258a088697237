import type { Gateway } from '../api/client';
import { plural } from './format';
import { markOfGateway, type Status } from './status';

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
