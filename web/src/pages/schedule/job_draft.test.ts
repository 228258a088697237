import { describe, expect, it } from 'vitest';
import { job } from '../../testing/rows';
import { draftOf, jobOrder, scheduleIn } from './job_draft';

const fresh = { ...draftOf(null, 'otto', 'Europe/Berlin', 0), name: 'Report', message: 'Sum up.' };

describe('jobOrder', () => {
  it('makes a job that announces nothing: without a channel each run would end as a failure', () => {
    expect(jobOrder('studio', null, fresh)).toEqual({
      gateway: 'studio',
      kind: 'cron.create',
      target: {},
      params: {
        name: 'Report',
        agentId: 'otto',
        schedule: { kind: 'cron', expr: '0 7 * * *', tz: 'Europe/Berlin' },
        payload: { kind: 'agentTurn', message: 'Sum up.' },
        delivery: { mode: 'none' },
        sessionTarget: 'isolated',
        wakeMode: 'now',
      },
    });
  });

  it('changes what was changed, on the row that was seen', () => {
    const row = job({ version: 7 });
    expect(jobOrder('studio', row, draftOf(row, '', '', 0))).toBeNull();
    const draft = { ...draftOf(row, '', '', 0), name: 'Evening report' };
    expect(jobOrder('studio', row, draft)).toEqual({
      gateway: 'studio',
      kind: 'cron.update',
      target: { jobId: 'j1' },
      params: { patch: { name: 'Evening report' } },
      expect: { version: 7 },
    });
  });

  it('takes no job without a name, an agent, something to say or a time', () => {
    for (const over of [{ name: ' ' }, { agentId: '' }, { message: '' }, { expr: 'x' }]) {
      expect(jobOrder('studio', null, { ...fresh, ...over })).toBeNull();
    }
  });
});

it('takes nothing more often than every minute: the gateway would, and would do nothing else', () => {
  expect(scheduleIn({ ...fresh, kind: 'every', every: '0.001' })).toBeNull();
  expect(scheduleIn({ ...fresh, kind: 'every', every: 'x' })).toBeNull();
  expect(scheduleIn({ ...fresh, kind: 'every', every: '2', unit: 'days' })).toEqual({
    kind: 'every',
    everyMs: 172_800_000,
  });
});
