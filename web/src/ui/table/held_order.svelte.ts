import type { Item } from './table';

/**
 * The order that a table shows. While somebody's pointer or focus is among its rows nothing moves: a new order waits, and
 * how many rows would move is told.
 */
export class HeldOrder {
  items = $state.raw<readonly Item[]>([]);
  waiting = $state(0);
  #held = false;
  #next: readonly Item[] | null = null;

  /** The order as it would be now. */
  propose(items: readonly Item[]): void {
    if (this.#held && this.items.length > 0) this.#wait(items);
    else this.#show(items);
  }

  /** An order that somebody asked for: shown at once. */
  replace(items: readonly Item[]): void {
    this.#show(items);
  }

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.release();
  }

  /** Shows the order that waits. */
  release(): void {
    if (this.#next) this.#show(this.#next);
  }

  #wait(items: readonly Item[]): void {
    this.waiting = moved(this.items, items);
    this.#next = this.waiting > 0 ? items : null;
  }

  // The same order stays the same array, so that nothing is laid out anew.
  #show(items: readonly Item[]): void {
    if (differ(this.items, items)) this.items = items;
    this.#next = null;
    this.waiting = 0;
  }
}

/** How many places hold something else. A group's count is part of it. */
function moved(before: readonly Item[], after: readonly Item[]): number {
  let places = Math.abs(before.length - after.length);
  for (let index = 0; index < Math.min(before.length, after.length); index += 1) {
    if (!same(before[index], after[index])) places += 1;
  }
  return places;
}

function differ(before: readonly Item[], after: readonly Item[]): boolean {
  return before.length !== after.length || after.some((item, index) => !same(before[index], item));
}

function same(a: Item | undefined, b: Item | undefined): boolean {
  if (a?.key !== b?.key) return false;
  return a?.kind !== 'group' || b?.kind !== 'group' || a.count === b.count;
}
