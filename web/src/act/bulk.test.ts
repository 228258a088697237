import { expect, it } from 'vitest';
import type { Command, Order, Result } from '../api/client';
import { command } from '../testing/rows';
import { giveAll, type Progress } from './bulk';

const orders: Order[] = Array.from({ length: 30 }, (_, index) => ({
  gateway: 'studio',
  kind: 'session.delete',
  target: { sessionKey: `s${String(index)}` },
  params: {},
}));

it('gives each once, a few at a time, and tells which were not taken', async () => {
  let open = 0;
  let most = 0;
  const given: (string | undefined)[] = [];
  const give = async (order: Order): Promise<Result<Command>> => {
    open += 1;
    most = Math.max(most, open);
    given.push(order.target.sessionKey);
    await Promise.resolve();
    open -= 1;
    if (order.target.sessionKey !== 's7') return { ok: true, value: command() };
    return { ok: false, failure: { status: 409, title: '', detail: 'no', problem: null } };
  };
  let last: Progress | null = null;
  await giveAll(orders, give, (progress) => (last = progress));
  expect(new Set(given).size).toBe(30);
  expect(given.length).toBe(30);
  expect(most).toBeLessThanOrEqual(4);
  expect(last).toMatchObject({ total: 30, given: 30, failed: [{ detail: 'no' }] });
});
