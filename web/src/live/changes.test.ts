import { expect, it } from 'vitest';
import { agent, entry } from '../testing/rows';
import { sumOf } from './changes';

const identity = { gateway: 'studio', id: 'otto' };
const put = (activeRuns: number) => entry({ agents: { upsert: [agent({ activeRuns })] } });
const remove = entry({ agents: { remove: [identity] } });
const otto = (...entries: Parameters<typeof sumOf>[0]) => sumOf(entries).agents.get('studio\0otto');

it('keeps the latest state of each row', () => {
  expect(otto(put(1), put(2))?.activeRuns).toBe(2);
  expect(sumOf([put(1), put(2)]).agents.size).toBe(1);
});

it('tells what is gone as gone, and what came back as a row', () => {
  expect(otto(put(1), remove)).toBeNull();
  expect(otto(remove, put(3))?.activeRuns).toBe(3);
});
