import { describe, expect, it } from 'vitest';
import { faultOfCron, nextTimes, scheduleOf, wordsOf } from './schedule';

const words = (schedule: Record<string, unknown>) => wordsOf(scheduleOf({ schedule }), String);

describe('wordsOf', () => {
  it('says when a job runs', () => {
    expect(words({ kind: 'every', everyMs: 3_600_000 })).toBe('every hour');
    expect(words({ kind: 'every', everyMs: 5_400_000 })).toBe('every 90 minutes');
    expect(words({ kind: 'every', everyMs: 1 })).toBe('every 1 ms');
    expect(words({ kind: 'cron', expr: '0 7 * * 1-5', tz: 'Europe/Berlin' })).toBe(
      'Monday to Friday at 07:00 (Europe/Berlin)',
    );
    expect(words({ kind: 'cron', expr: '*/15 * * * *' })).toBe('every 15 minutes');
    expect(words({ kind: 'cron', expr: '5 * * * *' })).toBe('every hour at :05');
    expect(words({ kind: 'cron', expr: '30 9 1 * *' })).toBe('on day 1 of each month at 09:30');
    expect(words({ kind: 'cron', expr: '0 8 * * 0,6' })).toBe('Sunday, Saturday at 08:00');
  });

  it('shows what it does not understand as it is, and guesses nothing', () => {
    for (const expr of ['0 0 7 * * 1', '0 7 1 * 1', '0 7 * 2 *', '0 7-9 * * *', '@daily', '<b>']) {
      expect(words({ kind: 'cron', expr })).toBe(expr);
    }
    expect(words({ kind: 'moon' })).toBe('as only the gateway knows');
    expect(words({})).toBe('as only the gateway knows');
  });
});

describe('nextTimes', () => {
  const monday = Date.UTC(2026, 10, 30, 5, 0);

  it('reckons in the zone of the job, also over the change of its clocks', () => {
    const job = { kind: 'cron', expr: '0 7 * * *', tz: 'Europe/Berlin' } as const;
    expect(nextTimes(job, monday, null, 2)).toEqual([
      Date.UTC(2026, 10, 30, 6, 0),
      Date.UTC(2026, 11, 1, 6, 0),
    ]);
    const march = Date.UTC(2027, 2, 27, 12, 0);
    expect(nextTimes(job, march, null, 1)).toEqual([Date.UTC(2027, 2, 28, 5, 0)]);
  });

  it('goes on from what the gateway says', () => {
    expect(nextTimes({ kind: 'every', everyMs: 1_000 }, 0, 500, 3)).toEqual([500, 1_500, 2_500]);
    expect(nextTimes({ kind: 'at', at: 5 }, 10, null)).toEqual([]);
    expect(nextTimes({ kind: 'unknown' }, 10, 20)).toEqual([]);
  });

  it('does not throw at an expression that is none', () => {
    expect(nextTimes({ kind: 'cron', expr: '99 * * * *', tz: null }, 0, null)).toEqual([]);
    expect(nextTimes({ kind: 'cron', expr: '* * * * *', tz: 'Mars/Base' }, 0, null)).toEqual([]);
    expect(faultOfCron('99 * * * *', null)).not.toBeNull();
    expect(faultOfCron('0 7 * * *', 'Europe/Berlin')).toBeNull();
  });
});
