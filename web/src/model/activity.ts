import type { Activity, ChangeSet, Session } from '../api/client';
import { sequenceOf } from './cursor';
import { agentKey, sessionKey } from './keys';

export const bucketMs = 60_000;
export const bucketCount = 60;

/** What happened around an agent, minute by minute, oldest first. */
export interface Minutes {
  /** Journal entries. */
  counts: readonly number[];
  /** Runs that ended well. */
  done: readonly number[];
  /** Runs that failed or timed out. */
  failures: readonly number[];
}

/** How a run ended that is counted, and when by its gateway's clock. */
interface End {
  agent: string;
  at: number;
  outcome: 'done' | 'failures';
}

/**
 * Journal entries and ended runs per minute and agent over the last hour, kept current from the stream. Buckets end on whole
 * minutes of the server's commit times, so a strip moves on once a minute.
 */
export class ActivityBuckets {
  readonly #minutes = new Map<string, Minutes>();
  /** The latest end that was counted, by session: a row may tell it more than once, and correct it. */
  readonly #ends = new Map<string, End>();
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
    for (const { gateway, id, counts, done, failed } of activity.items) {
      this.#minutes.set(agentKey(gateway, id), {
        counts: counts.slice(-bucketCount),
        done: done.slice(-bucketCount),
        failures: failed.slice(-bucketCount),
      });
    }
  }

  /** Counts an entry once for each agent that it mentions. An entry that is counted already is skipped. */
  add(entry: ChangeSet): void {
    if (entry.seq <= this.#cursor) return;
    this.#cursor = entry.seq;
    this.advance(entry.at);
    for (const key of touchedAgents(entry)) this.#count(key, 'counts');
    for (const row of entry.sessions?.upsert ?? []) this.#hearEnd(row, entry.at);
  }

  /** Moves the hour on to `now`. True if it moved. */
  advance(now: number): boolean {
    const steps = Math.min(bucketCount, Math.floor((startOf(now) - this.#newest) / bucketMs));
    if (steps <= 0) return false;
    this.#newest = startOf(now);
    for (const [session, end] of this.#ends) {
      if (end.at < this.#newest - bucketMs) this.#ends.delete(session);
    }
    const moved = (values: readonly number[]) =>
      [...values, ...none].slice(steps).slice(0, bucketCount);
    for (const [key, { counts, done, failures }] of this.#minutes) {
      const next = { counts: moved(counts), done: moved(done), failures: moved(failures) };
      if (
        Object.values(next)
          .flat()
          .some((n) => n > 0)
      )
        this.#minutes.set(key, next);
      else this.#minutes.delete(key);
    }
    return true;
  }

  of(gateway: string, id: string): Minutes {
    return this.#minutes.get(agentKey(gateway, id)) ?? nothing;
  }

  /** Of all agents: how many runs failed in the hour, and the runs of one agent's busiest minute. */
  summary(): { failures: number; most: number } {
    let failed = 0;
    let most = 0;
    for (const { done, failures } of this.#minutes.values()) {
      failed += sumOf(failures);
      most = Math.max(most, ...runsIn(done, failures));
    }
    return { failures: failed, most };
  }

  // New objects, so that the strip notices the change.
  #count(key: string, what: keyof Minutes, at = this.#newest, step = 1): void {
    const minutes = this.#minutes.get(key) ?? nothing;
    const values = minutes[what];
    const back = Math.max(0, (this.#newest - startOf(at)) / bucketMs);
    const index = bucketCount - 1 - back;
    if (index < 0) return;
    const count = Math.max(0, (values[index] ?? 0) + step);
    this.#minutes.set(key, { ...minutes, [what]: values.with(index, count) });
  }

  #hearEnd(row: Session, at: number): void {
    const end = endOf(row);
    if (!end || at - end.at > bucketMs) return;
    const name = sessionKey(row.gateway, row.key);
    const told = this.#ends.get(name);
    const before = told?.at === end.at ? told : undefined;
    if (before?.outcome === end.outcome) return;
    this.#ends.set(name, end);
    if (before) this.#count(before.agent, before.outcome, before.at, -1);
    this.#count(end.agent, end.outcome, end.at);
  }
}

const outcomes = new Map<string | null, End['outcome']>([
  ['done', 'done'],
  ['failed', 'failures'],
  ['timeout', 'failures'],
]);

/** The end that a row tells; null where no run of an agent ended, or a person stopped it. */
function endOf({ gateway, agentId, status, endedAt }: Session): End | null {
  const outcome = outcomes.get(status);
  if (agentId === null || endedAt === null || outcome === undefined) return null;
  return { agent: agentKey(gateway, agentId), at: endedAt, outcome };
}

/** Runs that ended in each minute, well or not. */
export const runsIn = (done: readonly number[], failures: readonly number[]): readonly number[] =>
  done.map((n, index) => n + (failures[index] ?? 0));

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
const nothing: Minutes = { counts: none, done: none, failures: none };
