import type { Activity, ChangeSet, Session } from '../api/client';
import { sequenceOf } from './cursor';
import { agentKey, sessionKey } from './keys';

export const bucketMs = 60_000;
export const bucketCount = 60;

/** What happened around an agent, minute by minute, oldest first. */
export interface Minutes {
  /** Journal entries. */
  counts: readonly number[];
  /** Runs that failed or timed out. */
  failures: readonly number[];
}

/**
 * Journal entries and failed runs per minute and agent over the last hour, kept current from the stream. Buckets end on whole
 * minutes of the server's commit times, so a strip moves on once a minute.
 */
export class ActivityBuckets {
  readonly #minutes = new Map<string, Minutes>();
  /** The end of the latest failure that was counted, by session: a row may tell it more than once. */
  readonly #failed = new Map<string, number>();
  /** The start of the newest bucket, in milliseconds since the epoch. */
  #newest: number;
  #cursor = 0;

  constructor(now: number) {
    this.#newest = startOf(now);
  }

  /** The start of the newest minute, in milliseconds since the epoch. */
  get newest(): number {
    return this.#newest;
  }

  /** Takes the server's counts, which include entries up to its cursor. */
  load(activity: Activity): void {
    this.#minutes.clear();
    this.#newest = startOf(activity.from) + (bucketCount - 1) * bucketMs;
    this.#cursor = sequenceOf(activity.cursor);
    for (const { gateway, id, counts, failed } of activity.items) {
      this.#minutes.set(agentKey(gateway, id), {
        counts: counts.slice(-bucketCount),
        failures: [...none, ...failed].slice(-bucketCount),
      });
    }
  }

  /** Counts an entry once for each agent that it mentions. An entry that is counted already is skipped. */
  add(entry: ChangeSet): void {
    if (entry.seq <= this.#cursor) return;
    this.#cursor = entry.seq;
    this.advance(entry.at);
    for (const key of touchedAgents(entry)) this.#count(key, 'counts');
    for (const row of entry.sessions?.upsert ?? []) {
      if (this.#isNewFailure(row, entry.at))
        this.#count(agentKey(row.gateway, row.agentId), 'failures');
    }
  }

  /** Moves the hour on to `now`. True if it moved. */
  advance(now: number): boolean {
    const steps = Math.min(bucketCount, Math.floor((startOf(now) - this.#newest) / bucketMs));
    if (steps <= 0) return false;
    this.#newest = startOf(now);
    for (const [session, endedAt] of this.#failed) {
      if (endedAt < this.#newest - bucketMs) this.#failed.delete(session);
    }
    const moved = (values: readonly number[]) =>
      [...values, ...none].slice(steps).slice(0, bucketCount);
    for (const [key, { counts, failures }] of this.#minutes) {
      const next = { counts: moved(counts), failures: moved(failures) };
      if ([...next.counts, ...next.failures].some((n) => n > 0)) this.#minutes.set(key, next);
      else this.#minutes.delete(key);
    }
    return true;
  }

  of(gateway: string, id: string): Minutes {
    return this.#minutes.get(agentKey(gateway, id)) ?? nothing;
  }

  /** Of all agents: how many runs failed in the hour, and the entries of one agent's busiest minute. */
  summary(): { failures: number; most: number } {
    let failed = 0;
    let most = 0;
    for (const { counts, failures } of this.#minutes.values()) {
      failed += sumOf(failures);
      most = Math.max(most, ...counts);
    }
    return { failures: failed, most };
  }

  // New objects, so that the strip notices the change.
  #count(key: string, what: keyof Minutes): void {
    const minutes = this.#minutes.get(key) ?? nothing;
    const values = minutes[what];
    const last = bucketCount - 1;
    this.#minutes.set(key, { ...minutes, [what]: values.with(last, (values[last] ?? 0) + 1) });
  }

  #isNewFailure(row: Session, at: number): row is Session & { agentId: string } {
    const { gateway, key, agentId, status, endedAt } = row;
    if (agentId === null || endedAt === null || (status !== 'failed' && status !== 'timeout')) {
      return false;
    }
    const name = sessionKey(gateway, key);
    if (this.#failed.get(name) === endedAt || at - endedAt > bucketMs) return false;
    this.#failed.set(name, endedAt);
    return true;
  }
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0);

/** Agents that the entry changes, by themselves or through a session of theirs. */
export function touchedAgents(entry: ChangeSet): Set<string> {
  const keys = new Set<string>();
  for (const { gateway, id } of entry.agents?.upsert ?? []) keys.add(agentKey(gateway, id));
  for (const { gateway, agentId } of entry.sessions?.upsert ?? []) {
    if (agentId !== null) keys.add(agentKey(gateway, agentId));
  }
  return keys;
}

const startOf = (at: number) => Math.floor(at / bucketMs) * bucketMs;
const none: readonly number[] = Array.from({ length: bucketCount }, () => 0);
const nothing: Minutes = { counts: none, failures: none };
