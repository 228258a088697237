import { Cron } from 'croner';
import type { CronJob } from '../api/client';
import { plural } from './format';

/** When a job runs, as the gateway says it, in what we understand of it. */
export type Schedule =
  | { kind: 'cron'; expr: string; tz: string | null }
  | { kind: 'every'; everyMs: number }
  | { kind: 'at'; at: number }
  | { kind: 'unknown' };

export function scheduleOf({ schedule }: Pick<CronJob, 'schedule'>): Schedule {
  const { kind, expr, tz, everyMs, at, atMs } = schedule;
  if (kind === 'cron' && typeof expr === 'string') {
    return { kind, expr, tz: typeof tz === 'string' && tz !== '' ? tz : null };
  }
  if (kind === 'every' && typeof everyMs === 'number' && everyMs > 0) return { kind, everyMs };
  const moment = typeof at === 'string' ? Date.parse(at) : typeof atMs === 'number' ? atMs : NaN;
  return kind === 'at' && !Number.isNaN(moment) ? { kind, at: moment } : { kind: 'unknown' };
}

/** "Monday to Friday at 07:00 (Europe/Berlin)". An expression that is no such thing is shown as it is. */
export function wordsOf(schedule: Schedule, day: (at: number) => string): string {
  switch (schedule.kind) {
    case 'every':
      return `every ${span(schedule.everyMs)}`;
    case 'at':
      return `once, ${day(schedule.at)}`;
    case 'cron': {
      const words = cronWords(schedule.expr) ?? schedule.expr;
      return schedule.tz === null ? words : `${words} (${schedule.tz})`;
    }
    case 'unknown':
      return 'as only the gateway knows';
  }
}

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

function span(ms: number): string {
  const [size, unit] = units.find(([least]) => ms >= least && ms % least === 0) ?? [1, 'ms'];
  if (unit === 'ms') return `${String(ms)} ms`;
  return ms === size ? unit : plural(ms / size, unit);
}

const days = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
];
const isNumber = (text: string) => /^\d+$/.test(text);
const two = (text: string) => text.padStart(2, '0');

function cronWords(expr: string): string | null {
  const parts = expr.trim().split(/\s+/);
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = parts;
  if (parts.length !== 5 || month !== '*') return null;
  const always = date === '*' && weekday === '*';
  const steps = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (always && hour === '*' && minute === '*') return 'every minute';
  if (always && hour === '*' && steps !== undefined) return `every ${steps} minutes`;
  if (!isNumber(minute)) return null;
  if (always && hour === '*') return `every hour at :${two(minute)}`;
  if (!isNumber(hour)) return null;
  const time = `at ${two(hour)}:${two(minute)}`;
  if (always) return `every day ${time}`;
  if (weekday === '*' && isNumber(date)) return `on day ${date} of each month ${time}`;
  const named = date === '*' ? weekdayWords(weekday) : null;
  return named === null ? null : `${named} ${time}`;
}

function weekdayWords(text: string): string | null {
  const range = /^([0-7])-([0-7])$/.exec(text);
  if (range) return `${days[Number(range[1])] ?? ''} to ${days[Number(range[2])] ?? ''}`;
  if (!/^[0-7](,[0-7])*$/.test(text)) return null;
  return text
    .split(',')
    .map((day) => days[Number(day)] ?? '')
    .join(', ');
}

/** The next times, from `now` on. Empty where nobody can tell, or there are none. `next`: what the gateway says is the first. */
export function nextTimes(
  schedule: Schedule,
  now: number,
  next: number | null,
  count = 5,
): number[] {
  if (schedule.kind === 'at') return schedule.at > now ? [schedule.at] : [];
  if (schedule.kind === 'every') {
    const first = next ?? now + schedule.everyMs;
    return Array.from({ length: count }, (_, index) => first + index * schedule.everyMs);
  }
  return schedule.kind === 'cron' ? cronTimes(schedule, now, count) : [];
}

/** What is wrong with an expression, in a sentence; null where it can be used. */
export function faultOfCron(expr: string, tz: string | null): string | null {
  try {
    return new Cron(expr, { paused: true, ...(tz === null ? {} : { timezone: tz }) }).nextRun() ===
      null
      ? 'It never comes.'
      : null;
  } catch {
    return 'This is no cron expression, or no time zone.';
  }
}

function cronTimes({ expr, tz }: Extract<Schedule, { kind: 'cron' }>, now: number, count: number) {
  try {
    const cron = new Cron(expr, { paused: true, ...(tz === null ? {} : { timezone: tz }) });
    return cron.nextRuns(count, new Date(now)).map((date) => date.getTime());
  } catch {
    return [];
  }
}
