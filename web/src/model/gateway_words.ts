import type { Gateway } from '../api/client';

/** How we hear of a gateway: "WebSocket v4", "REST". */
export function spoken(gateway: Gateway): string {
  if (gateway.source === 'rest') return 'REST';
  if (gateway.source === null) return 'not heard';
  return gateway.protocol === null ? 'WebSocket' : `WebSocket v${String(gateway.protocol)}`;
}
