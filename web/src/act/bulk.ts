import type { Command, Order, Result } from '../api/client';

/** How far a command to many has come. */
export interface Progress {
  total: number;
  given: number;
  /** Those that were not even taken, in words. */
  failed: { order: Order; detail: string }[];
}

/** So many at a time: the server bounds what one author may have open. */
const atOnce = 4;

/** Gives the orders one after the other, a few at a time; tells each step. */
export async function giveAll(
  orders: readonly Order[],
  give: (order: Order) => Promise<Result<Command>>,
  told: (progress: Progress) => void,
): Promise<void> {
  const waiting = [...orders];
  let progress: Progress = { total: orders.length, given: 0, failed: [] };
  const work = async () => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      const result = await give(order);
      const failed = result.ok
        ? progress.failed
        : [...progress.failed, { order, detail: result.failure.detail || result.failure.title }];
      progress = { ...progress, given: progress.given + 1, failed };
      told(progress);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
