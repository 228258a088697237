import { now } from '../live/clock.svelte';
import { agentKey } from '../model/keys';
import { type Mute, mutesIn } from '../model/saved';
import { Stored } from './stored.svelte';

const stored = new Stored<readonly Mute[]>('mutes', mutesIn);

/** Agents whose trouble somebody knows of: this browser does not call for attention because of them. */
export const mutes = {
  /** The keys of those that are muted now. */
  get all(): readonly string[] {
    if (stored.value.length === 0) return [];
    const at = now();
    return stored.value.filter(({ until }) => until === null || until > at).map(({ key }) => key);
  },
  has: (gateway: string, id: string): boolean => mutes.all.includes(agentKey(gateway, id)),
  /** `until`: by the server's clock; null: until it is lifted. */
  mute(gateway: string, id: string, until: number | null): void {
    const key = agentKey(gateway, id);
    stored.value = [...othersThan(key), { key, until }];
  },
  lift(gateway: string, id: string): void {
    stored.value = othersThan(agentKey(gateway, id));
  },
};

const othersThan = (key: string) => stored.value.filter((one) => one.key !== key);
