import { locale } from './locale';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const wholeDay = 24 * hour;

/** How long something took or has been, in one unit: "0.4 s", "14 s", "3 min", "2 h", "5 d". */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 10 * second) return `${(Math.floor(span / 100) / 10).toFixed(1)} s`;
  return coarse(span);
}

/** The age of a moment: "now" for the last seconds, then as `duration`. A moment that is to come is "now" too. */
export function age(at: number, now: number): string {
  const span = now - at;
  return span < 5 * second ? 'now' : coarse(span);
}

function coarse(span: number): string {
  if (span < minute) return `${String(Math.floor(span / second))} s`;
  if (span < hour) return `${String(Math.floor(span / minute))} min`;
  if (span < 2 * wholeDay) return `${String(Math.floor(span / hour))} h`;
  return `${String(Math.floor(span / wholeDay))} d`;
}

const clockTime = new Intl.DateTimeFormat(locale, {
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** 13:28:04, in the browser's zone. */
export const clock = (at: number): string => clockTime.format(at);

/** 13:28, in the browser's zone. */
export const clockMinute = (at: number): string => clockTime.format(at).slice(0, 5);

// Day before month, in an English that all read alike: names of days in another language would break the page's sentences.
const dates = 'en-GB';

const exactTime = new Intl.DateTimeFormat(dates, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});

/** To the millisecond, with the zone: for hovering. */
export const exact = (at: number): string => exactTime.format(at);

const toTheMinute = {
  day: 'numeric',
  month: 'short',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
} as const;
const thisWeekTime = new Intl.DateTimeFormat(dates, { weekday: 'short', ...toTheMinute });
const anyYearTime = new Intl.DateTimeFormat(dates, { year: 'numeric', ...toTheMinute });

/** Mon 30 Nov, 07:00, in the browser's zone. */
export const moment = (at: number): string => thisWeekTime.format(at);

/** 1 Jan 2027, 00:00, in the browser's zone. */
export const datedMoment = (at: number): string => anyYearTime.format(at);

const dayName = new Intl.DateTimeFormat(dates, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** Tuesday 24 November 2026, in the browser's zone. */
export const day = (at: number): string => dayName.format(at);

const two = (value: number) => String(value).padStart(2, '0');

/** 2026-11-24T13:28:04, in the browser's zone: what a field for a date and time holds. */
export function fieldTime(at: number): string {
  const date = new Date(at);
  const days = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${days}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** The moment that such a field holds; null where it holds none. */
export function momentOf(field: string): number | null {
  const at = new Date(field).getTime();
  return Number.isNaN(at) ? null : at;
}
