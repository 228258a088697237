import type { ChangeSet, Session } from '../api/client';

/** What a run used. */
interface Used {
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}

/** One run of a session, as its row told it. A run is known by when it started. */
export interface Run extends Used {
  startedAt: number;
  endedAt: number | null;
  status: string | null;
  model: string | null;
}

/**
 * The runs in the row and in entries (oldest first), the latest first. A row has only its latest run, so earlier ones are known as
 * far back as the entries go.
 */
export function runsOf(session: Session, entries: readonly ChangeSet[]): Run[] {
  const runs = new Map<number, Run>();
  for (const row of [...rowsOf(session, entries), session]) {
    if (row.startedAt !== null && row.status !== 'queued') {
      runs.set(row.startedAt, runOf(row, row.startedAt));
    }
  }
  return [...runs.values()].sort((a, b) => b.startedAt - a.startedAt);
}

/** What the runs used together, as far as it is known; null where it is known of none. */
export function sumOf(runs: readonly Run[]): Used {
  // Until a run ends, the row has the figures of the run before.
  const ended = runs.filter(({ endedAt }) => endedAt !== null);
  const sum = (field: keyof Used) => {
    const known = ended.flatMap((run) => run[field] ?? []);
    return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
  };
  return {
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costUsd: sum('costUsd'),
  };
}

function rowsOf({ gateway, key }: Session, entries: readonly ChangeSet[]): Session[] {
  return entries
    .flatMap((entry) => entry.sessions?.upsert ?? [])
    .filter((row) => row.gateway === gateway && row.key === key);
}

function runOf(row: Session, startedAt: number): Run {
  const { endedAt, status, model, inputTokens, outputTokens, costUsd } = row;
  // A row may still tell the end of the run before.
  const ended = endedAt !== null && endedAt >= startedAt ? endedAt : null;
  return { startedAt, endedAt: ended, status, model, inputTokens, outputTokens, costUsd };
}
