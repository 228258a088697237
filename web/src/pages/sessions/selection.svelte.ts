/** Rows that somebody chose, to tell all of them the same. */
export class Selection {
  /** Whether there are boxes to choose by. */
  on = $state(false);
  keys = $state.raw<ReadonlySet<string>>(new Set());

  toggle(key: string): void {
    const keys = new Set(this.keys);
    if (!keys.delete(key)) keys.add(key);
    this.keys = keys;
  }

  set(keys: Iterable<string>): void {
    this.keys = new Set(keys);
  }

  end(): void {
    this.on = false;
    this.keys = new Set();
  }
}
