import { expect, it } from 'vitest';
import { HeldOrder } from './held_order.svelte';
import type { Item } from './table';

const rows = (...keys: string[]): Item[] => keys.map((key) => ({ kind: 'row', key }));
const keys = (order: HeldOrder) => order.items.map(({ key }) => key).join('');

it('shows a new order at once while nobody is among the rows', () => {
  const order = new HeldOrder();
  order.propose(rows('a', 'b'));
  order.propose(rows('b', 'a'));
  expect(keys(order)).toBe('ba');
});

it('moves nothing while the pointer or the focus is inside, and catches up afterwards', () => {
  const order = new HeldOrder();
  order.propose(rows('a', 'b', 'c'));
  order.hold(true);
  order.propose(rows('b', 'a', 'c'));
  order.propose(rows('c', 'a'));
  expect(keys(order)).toBe('abc');
  expect(order.waiting).toBe(3);
  order.hold(false);
  expect(keys(order)).toBe('ca');
  expect(order.waiting).toBe(0);
});

it('waits with nothing where the order came back to what is shown', () => {
  const order = new HeldOrder();
  order.propose(rows('a', 'b'));
  order.hold(true);
  order.propose(rows('b', 'a'));
  order.propose(rows('a', 'b'));
  expect(order.waiting).toBe(0);
});

it('shows at once what somebody asked for, also while it is held', () => {
  const order = new HeldOrder();
  order.propose(rows('a', 'b'));
  order.hold(true);
  order.replace(rows('b'));
  expect(keys(order)).toBe('b');
});

it('keeps the array of an order that did not change', () => {
  const order = new HeldOrder();
  order.propose(rows('a', 'b'));
  const before = order.items;
  order.propose(rows('a', 'b'));
  expect(order.items).toBe(before);
});
