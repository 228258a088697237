import { agentKey } from '../model/keys';
import { pinsIn } from '../model/saved';
import { Stored } from './stored.svelte';

const stored = new Stored<readonly string[]>('pins', pinsIn);

/** The agents that somebody wants on top, by key. */
export const pins = {
  get all(): ReadonlySet<string> {
    return new Set(stored.value);
  },
  has: (gateway: string, id: string): boolean => stored.value.includes(agentKey(gateway, id)),
  toggle(gateway: string, id: string): void {
    const key = agentKey(gateway, id);
    const others = stored.value.filter((one) => one !== key);
    stored.value = others.length < stored.value.length ? others : [...others, key];
  },
};
