import type { Gateway, Order } from '../api/client';

/** What is to be stopped: all that runs of an agent, of a gateway, or, without one, of the fleet. */
export interface StopScope {
  gateway?: string;
  agentId?: string;
  /** Where that is, as the end of a sentence: "at office". */
  name: string;
}

/** The commands that stop it: one for each gateway that lets us. */
export function stopOrders(scope: StopScope, gateways: readonly Gateway[]): Order[] {
  return gateways
    .filter(({ name, can }) => can.includes('stop') && (scope.gateway ?? name) === name)
    .map(({ name }) => ({
      gateway: name,
      kind: 'stop',
      target: scope.agentId === undefined ? {} : { agentId: scope.agentId },
      params: {},
    }));
}

/** Gateways in the scope at which nothing will be stopped: they are away, or do not let us. */
export function unreachedBy(scope: StopScope, gateways: readonly Gateway[]): string[] {
  return gateways
    .filter(({ name, can }) => !can.includes('stop') && (scope.gateway ?? name) === name)
    .map(({ name }) => name);
}
