import { describe, expect, it } from 'vitest';
import { agent, entry, session } from '../testing/rows';
import { Outbox } from './outbox';

const caughtUp = () => {
  const outbox = new Outbox();
  outbox.take();
  return outbox;
};

describe('Outbox', () => {
  it('gives a new page everything', () => {
    const outbox = new Outbox();
    expect(outbox.empty).toBe(false);
    expect(outbox.take().startOver).toBe(true);
    expect(outbox.empty).toBe(true);
  });

  it('keeps the latest state of each row', () => {
    const outbox = caughtUp();
    outbox.add(entry({ seq: 1, agents: { upsert: [agent({ activeRuns: 1 })] } }));
    outbox.add(entry({ seq: 2, agents: { upsert: [agent({ activeRuns: 2 })] } }));
    const { changes, entries, startOver } = outbox.take();
    expect(startOver).toBe(false);
    expect([...changes.agents.values()].map((row) => row?.activeRuns)).toEqual([2]);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('hands over what is gone as gone, and what came back as a row', () => {
    const outbox = caughtUp();
    const identity = { gateway: 'studio', id: 'otto' };
    outbox.add(entry({ seq: 1, agents: { upsert: [agent()] } }));
    outbox.add(entry({ seq: 2, agents: { remove: [identity] } }));
    expect(outbox.take().changes.agents.get('studio\0otto')).toBeNull();
    outbox.add(entry({ seq: 3, agents: { remove: [identity] } }));
    outbox.add(entry({ seq: 4, agents: { upsert: [agent()] } }));
    expect(outbox.take().changes.agents.get('studio\0otto')?.name).toBe('Otto');
  });

  it('hands nothing over twice', () => {
    const outbox = caughtUp();
    outbox.add(entry({ agents: { upsert: [agent()] } }));
    outbox.take();
    outbox.touch();
    const { changes, entries } = outbox.take();
    expect(changes.agents.size + entries.length).toBe(0);
  });

  it('lets a page that does not ask start over instead of keeping a backlog', () => {
    const outbox = caughtUp();
    for (let seq = 1; seq <= 50_000; seq += 1) {
      outbox.add(entry({ seq, sessions: { upsert: [session({ key: `s${String(seq)}` })] } }));
    }
    const { startOver, changes, entries, missedEntries } = outbox.take();
    expect(startOver).toBe(true);
    expect(changes.sessions.size).toBe(0);
    expect(entries.length).toBeLessThanOrEqual(400);
    expect(entries.at(-1)?.seq).toBe(50_000);
    expect(missedEntries + entries.length).toBe(50_000);
  });
});
