/** Waits between attempts: doubling from `firstMs` to `mostMs`, each with jitter over its upper half. */
export class Backoff {
  #attempts = 0;

  constructor(
    private readonly firstMs = 500,
    private readonly mostMs = 15_000,
    private readonly random: () => number = Math.random,
  ) {}

  /** How long to wait before the next attempt, in milliseconds. */
  next(): number {
    const whole = Math.min(this.mostMs, this.firstMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.round(whole / 2 + (whole / 2) * this.random());
  }

  /** Call it when an attempt brought an event or a heartbeat, not when it merely connected. */
  reset(): void {
    this.#attempts = 0;
  }
}
