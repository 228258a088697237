import type { Action, Shortcut } from './shortcuts';

/** Of a keyboard event what matters for shortcuts. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The second key has to follow within this. */
const patienceMs = 1_200;

/** Reads presses as shortcuts, also those of two keys. */
export class Chords {
  #before: { name: string; at: number } | null = null;

  constructor(
    private readonly shortcuts: readonly Shortcut[],
    private readonly mac: boolean,
  ) {}

  /** What the press asks for, null if nothing (yet). `at`: milliseconds of any clock that does not go back. */
  press(press: Press, at: number): Action | null {
    const name = this.#nameOf(press);
    if (name === null) return null;
    const before = this.#before && at - this.#before.at <= patienceMs ? this.#before.name : null;
    this.#before = null;
    const second = before === null ? null : this.#find([before, name]);
    if (second) return second;
    const begins = this.shortcuts.some(({ keys }) => keys.length > 1 && keys[0] === name);
    if (begins) this.#before = { name, at };
    return begins ? null : this.#find([name]);
  }

  #find(names: readonly string[]): Action | null {
    const fits = ({ keys }: Shortcut) =>
      keys.length === names.length && keys.every((key, index) => key === names[index]);
    return this.shortcuts.find(fits)?.action ?? null;
  }

  #nameOf({ key, ctrlKey, metaKey, altKey }: Press): string | null {
    const [mod, other] = this.mac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
    if (altKey || other) return null;
    return mod ? `Mod+${key.toLowerCase()}` : key;
  }
}
