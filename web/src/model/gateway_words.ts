import type { Gateway } from '../api/client';
import { plural } from './format';
import { markOfGateway, type Status } from './status';

/** How we hear of a gateway: "WebSocket v4", "REST". */
export function spoken(gateway: Gateway): string {
  if (gateway.source === 'rest') return 'REST';
  if (gateway.source === null) return 'not connected';
  return gateway.protocol === null ? 'WebSocket' : `WebSocket v${String(gateway.protocol)}`;
}

/** How all of them stand, in a few words; `gateways` with what hurts first. */
export function standingOf(gateways: readonly Gateway[]): { mark: Status; word: string } {
  const troubled = gateways.filter(({ state }) => state !== 'live');
  const [worst] = troubled;
  if (!worst) return { mark: gateways.length > 0 ? 'idle' : 'offline', word: 'Gateways' };
  const mark = markOfGateway(worst.state);
  return troubled.length === 1
    ? { mark, word: `${worst.name} ${worst.state}` }
    : { mark, word: `${plural(troubled.length, 'gateway')} not live` };
}
