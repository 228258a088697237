import type { CronJob } from '../../api/client';
import { plural } from '../../model/format';
import type { Status } from '../../model/status';
import { duration } from '../../model/time';

const marks = new Map<string | null, Status>([
  ['ok', 'idle'],
  ['error', 'error'],
  ['skipped', 'offline'],
]);

export const markOfRun = (word: string | null): Status => marks.get(word) ?? 'unknown';

/** How a job stands: it runs, it is off, or how it ended last. */
export function stateOf(job: CronJob): { mark: Status; word: string } {
  const { runningSince, enabled, lastStatus, lastDurationMs, consecutiveErrors } = job;
  if (runningSince !== null) return { mark: 'working', word: 'running' };
  if (!enabled) return { mark: 'offline', word: 'disabled' };
  if (lastStatus === null) return { mark: 'unknown', word: 'never ran' };
  const took = lastDurationMs === null ? '' : ` in ${duration(lastDurationMs)}`;
  const row = consecutiveErrors > 1 ? `, ${plural(consecutiveErrors, 'time')} in a row` : '';
  return { mark: markOfRun(lastStatus), word: `${lastStatus}${lastStatus === 'ok' ? took : row}` };
}

/** What fails stands first, then what comes next; what is off, last. */
export function compareJobs(a: CronJob, b: CronJob): number {
  const rank = ({ enabled, consecutiveErrors }: CronJob) =>
    !enabled ? 2 : consecutiveErrors > 0 ? 0 : 1;
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  const byTime = (a.nextRunAt ?? Infinity) - (b.nextRunAt ?? Infinity);
  return byTime || (a.name ?? a.id).localeCompare(b.name ?? b.id);
}
