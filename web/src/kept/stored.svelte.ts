import { basePath } from '../api/base';

/**
 * Something small that this browser remembers, also for its other tabs. Where storage is forbidden it lasts until the page is
 * left. `parse` gets whatever is stored: another release, or somebody by hand, may have written it.
 */
export class Stored<T> {
  readonly #name: string;
  #value: T;
  #version = $state(0);

  constructor(name: string, parse: (stored: unknown) => T) {
    // Another program may stand beside ours, below another path.
    this.#name = basePath + name;
    this.#value = parse(this.#read());
    globalThis.addEventListener?.('storage', (event: StorageEvent) => {
      if (event.key !== this.#name) return;
      this.#value = parse(this.#read());
      this.#version += 1;
    });
  }

  get value(): T {
    void this.#version;
    return this.#value;
  }

  set value(value: T) {
    this.#value = value;
    this.#version += 1;
    try {
      localStorage.setItem(this.#name, JSON.stringify(value));
    } catch {
      // Forbidden, or full.
    }
  }

  #read(): unknown {
    try {
      return JSON.parse(localStorage.getItem(this.#name) ?? 'null');
    } catch {
      return null;
    }
  }
}
