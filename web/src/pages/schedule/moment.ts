const shown = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
});

const dated = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
});

/** 1 Jan 2027, 00:00, in the viewer's zone. */
export const datedMoment = (at: number): string => dated.format(at);

/** Mon 30 Nov, 07:00, in the viewer's zone. */
export const moment = (at: number): string => shown.format(at);
