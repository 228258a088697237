const shown = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
});

/** Mon 30 Nov, 07:00, in the viewer's zone. */
export const moment = (at: number): string => shown.format(at);
