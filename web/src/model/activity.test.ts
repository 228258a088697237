import { describe, expect, it } from 'vitest';
import { agent, entry, session } from '../testing/rows';
import { ActivityBuckets, bucketCount, bucketMs } from './activity';

const start = 100 * bucketMs;
const buckets = () => new ActivityBuckets(start);
const touch = (seq: number, at: number) => entry({ seq, at, agents: { upsert: [agent()] } });
const last = (all: ActivityBuckets) => all.of('studio', 'otto').counts.slice(-3);

describe('ActivityBuckets', () => {
  it('has sixty buckets for whoever did nothing', () => {
    expect(buckets().of('studio', 'nobody').counts).toHaveLength(bucketCount);
  });

  it('counts an entry once for an agent, by itself or through its sessions', () => {
    const all = buckets();
    all.add(touch(1, start));
    all.add(
      entry({
        seq: 2,
        at: start,
        agents: { upsert: [agent()] },
        sessions: { upsert: [session()] },
      }),
    );
    all.add(entry({ seq: 3, at: start, sessions: { upsert: [session({ agentId: null })] } }));
    expect(last(all)).toEqual([0, 0, 2]);
  });

  it('does not count an entry twice', () => {
    const all = buckets();
    all.add(touch(1, start));
    all.add(touch(1, start));
    expect(last(all)).toEqual([0, 0, 1]);
  });

  it('moves on by the minute', () => {
    const all = buckets();
    all.add(touch(1, start + 59_999));
    all.add(touch(2, start + 60_000));
    expect(last(all)).toEqual([0, 1, 1]);
    expect(all.advance(start + 60_001)).toBe(false);
    expect(all.advance(start + 3 * bucketMs)).toBe(true);
    expect(last(all)).toEqual([1, 0, 0]);
    all.advance(start + 3 * 60 * bucketMs);
    expect(all.of('studio', 'otto').counts.every((n) => n === 0)).toBe(true);
  });

  it('counts a failure once, in its minute, also where the row tells it again', () => {
    const all = buckets();
    const failed = session({ status: 'failed', endedAt: start + 5, updatedAt: start + 5 });
    const told = (seq: number, at: number, row = failed) =>
      entry({ seq, at, cause: 'sessions.changed', sessions: { upsert: [row] } });
    all.add(told(1, start + 10));
    all.add(told(2, start + 900, { ...failed, inputTokens: 9 }));
    all.add(told(3, start + 2_000, { ...failed, status: 'timeout', endedAt: start + 1_990 }));
    all.add(told(4, start + 3_000, { ...failed, key: 'old', endedAt: start - 2 * bucketMs }));
    expect(all.of('studio', 'otto').failures.slice(-2)).toEqual([0, 2]);
    expect(all.summary()).toEqual({ failures: 2, most: 2 });
    all.advance(start + bucketMs);
    expect(all.of('studio', 'otto').failures.slice(-2)).toEqual([2, 0]);
  });

  it('tells runs that ended well from those that failed, and takes back what is corrected', () => {
    const all = buckets();
    const done = session({ status: 'done', endedAt: start + 5, updatedAt: start + 5 });
    const told = (seq: number, at: number, row = done) =>
      entry({ seq, at, cause: 'sessions.changed', sessions: { upsert: [row] } });
    all.add(told(1, start + 10));
    all.add(told(2, start + 20, { ...done, key: 'stopped', status: 'killed' }));
    expect(all.of('studio', 'otto').done.at(-1)).toBe(1);
    // In the minute in which it ended, also where it is told in the next.
    all.add(told(3, start + bucketMs, { ...done, status: 'failed' }));
    const { done: well, failures } = all.of('studio', 'otto');
    expect([well.slice(-2), failures.slice(-2)]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('goes on from what the server counted', () => {
    const all = buckets();
    all.add(touch(5, start));
    const counts = Array.from({ length: bucketCount }, (_, index) =>
      index === bucketCount - 1 ? 7 : 0,
    );
    all.load({
      bucketMs,
      from: start - (bucketCount - 1) * bucketMs,
      cursor: 'k3f9x2ab-5',
      items: [{ gateway: 'studio', id: 'otto', counts, done: counts, failed: counts }],
    });
    all.add(touch(5, start));
    all.add(touch(6, start));
    expect(last(all)).toEqual([0, 0, 8]);
    expect(all.summary().failures).toBe(7);
  });
});
