import { describe, expect, it } from 'vitest';
import { entry } from '../testing/rows';
import { PageQueue } from './page_queue';

const caughtUp = () => {
  const queue = new PageQueue();
  queue.take();
  return queue;
};
const seqs = ({ entries }: ReturnType<PageQueue['take']>) => entries.map(({ seq }) => seq);

describe('PageQueue', () => {
  it('gives a new page everything', () => {
    const queue = new PageQueue();
    expect(queue.empty).toBe(false);
    expect(queue.take().startOver).toBe(true);
    expect(queue.empty).toBe(true);
  });

  it('hands over entries in order, and none twice', () => {
    const queue = caughtUp();
    queue.add(entry({ seq: 1 }));
    queue.add(entry({ seq: 2 }));
    const taken = queue.take();
    expect([seqs(taken), taken.startOver]).toEqual([[1, 2], false]);
    queue.mark();
    expect(seqs(queue.take())).toEqual([]);
  });

  it('lets a page that does not ask start over instead of keeping a backlog', () => {
    const queue = caughtUp();
    for (let seq = 1; seq <= 50_000; seq += 1) queue.add(entry({ seq }));
    const taken = queue.take();
    expect(taken.startOver).toBe(true);
    expect(taken.entries).toHaveLength(200);
    expect(seqs(taken).at(-1)).toBe(50_000);
    expect(taken.missedEntries + taken.entries.length).toBe(50_000);
    queue.add(entry({ seq: 50_001 }));
    expect(queue.take().startOver).toBe(false);
  });
});
