import type { Activity, ChangeSet } from '../api/client';
import { sequenceOf } from './cursor';
import { agentKey } from './keys';

export const bucketMs = 60_000;
export const bucketCount = 60;

/**
 * Journal entries per minute and agent over the last hour, oldest first, kept current from the stream. Buckets end on whole
 * minutes of the server's commit times, so a strip moves on once a minute.
 */
export class ActivityBuckets {
  readonly #counts = new Map<string, number[]>();
  /** The start of the newest bucket, in milliseconds since the epoch. */
  #newest: number;
  #cursor = 0;

  constructor(now: number) {
    this.#newest = startOf(now);
  }

  /** Takes the server's counts, which include entries up to its cursor. */
  load(activity: Activity): void {
    this.#counts.clear();
    this.#newest = startOf(activity.from) + (bucketCount - 1) * bucketMs;
    this.#cursor = sequenceOf(activity.cursor);
    for (const { gateway, id, counts } of activity.items) {
      this.#counts.set(agentKey(gateway, id), counts.slice(-bucketCount));
    }
  }

  /** Counts an entry once for each agent that it mentions. An entry that is counted already is skipped. */
  add(entry: ChangeSet): void {
    if (entry.seq <= this.#cursor) return;
    this.#cursor = entry.seq;
    this.advance(entry.at);
    for (const key of touchedAgents(entry)) {
      const counts = this.#counts.get(key) ?? emptyBuckets();
      // A new array, so that the strip notices the change.
      this.#counts.set(key, counts.with(bucketCount - 1, (counts[bucketCount - 1] ?? 0) + 1));
    }
  }

  /** Moves the hour on to `now`. True if it moved. */
  advance(now: number): boolean {
    const steps = Math.min(bucketCount, Math.floor((startOf(now) - this.#newest) / bucketMs));
    if (steps <= 0) return false;
    this.#newest = startOf(now);
    for (const [key, counts] of this.#counts) {
      const moved = [...counts.slice(steps), ...Array.from({ length: steps }, () => 0)];
      if (moved.some((n) => n > 0)) this.#counts.set(key, moved);
      else this.#counts.delete(key);
    }
    return true;
  }

  of(gateway: string, id: string): readonly number[] {
    return this.#counts.get(agentKey(gateway, id)) ?? none;
  }
}

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
const emptyBuckets = () => Array.from({ length: bucketCount }, () => 0);
const none: readonly number[] = emptyBuckets();
