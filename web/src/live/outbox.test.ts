import { describe, expect, it } from 'vitest';
import { entry } from '../testing/rows';
import { Outbox } from './outbox';

const caughtUp = () => {
  const outbox = new Outbox();
  outbox.take();
  return outbox;
};
const seqs = ({ entries }: ReturnType<Outbox['take']>) => entries.map(({ seq }) => seq);

describe('Outbox', () => {
  it('gives a new page everything', () => {
    const outbox = new Outbox();
    expect(outbox.empty).toBe(false);
    expect(outbox.take().startOver).toBe(true);
    expect(outbox.empty).toBe(true);
  });

  it('hands over entries in order, and none twice', () => {
    const outbox = caughtUp();
    outbox.add(entry({ seq: 1 }));
    outbox.add(entry({ seq: 2 }));
    const taken = outbox.take();
    expect([seqs(taken), taken.startOver]).toEqual([[1, 2], false]);
    outbox.touch();
    expect(seqs(outbox.take())).toEqual([]);
  });

  it('lets a page that does not ask start over instead of keeping a backlog', () => {
    const outbox = caughtUp();
    for (let seq = 1; seq <= 50_000; seq += 1) outbox.add(entry({ seq }));
    const taken = outbox.take();
    expect(taken.startOver).toBe(true);
    expect(taken.entries).toHaveLength(200);
    expect(seqs(taken).at(-1)).toBe(50_000);
    expect(taken.missedEntries + taken.entries.length).toBe(50_000);
    outbox.add(entry({ seq: 50_001 }));
    expect(outbox.take().startOver).toBe(false);
  });
});
