/** Calls `act` at once, and then not before `everyMs` have passed. Requests meanwhile are done once, at the end. */
export class Pace {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #again = false;

  constructor(
    private readonly act: () => void,
    private readonly everyMs = 500,
  ) {}

  ask(): void {
    if (this.#timer !== null) {
      this.#again = true;
      return;
    }
    this.act();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#again) return;
      this.#again = false;
      this.ask();
    }, this.everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#again = false;
  }
}
