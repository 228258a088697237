import type { CronJob, Order } from '../../api/client';
import { fieldTime, momentOf } from '../../model/time';
import { faultOfCron, type Schedule, scheduleOf } from '../../model/schedule';

/** What stands in the form of a job. */
export interface JobDraft {
  name: string;
  agentId: string;
  kind: 'cron' | 'every' | 'at';
  expr: string;
  tz: string;
  every: string;
  unit: 'minutes' | 'hours' | 'days';
  at: string;
  message: string;
  announce: boolean;
}

const sizes = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

export function draftOf(job: CronJob | null, agentId: string, zone: string, now: number): JobDraft {
  const draft: JobDraft = {
    name: job?.name ?? '',
    agentId: job?.agentId ?? agentId,
    kind: 'cron',
    expr: '0 7 * * *',
    tz: zone,
    every: '1',
    unit: 'hours',
    at: fieldTime(now + sizes.hours).slice(0, 16),
    message: '',
    announce: false,
  };
  return job ? { ...draft, ...timesOf(scheduleOf(job)) } : draft;
}

function timesOf(schedule: Schedule): Partial<JobDraft> {
  if (schedule.kind === 'cron') {
    return { kind: 'cron', expr: schedule.expr, tz: schedule.tz ?? '' };
  }
  if (schedule.kind === 'at') return { kind: 'at', at: fieldTime(schedule.at).slice(0, 16) };
  if (schedule.kind !== 'every') return {};
  const unit = (['days', 'hours', 'minutes'] as const).find(
    (one) => schedule.everyMs % sizes[one] === 0,
  );
  const name = unit ?? 'minutes';
  return { kind: 'every', every: String(schedule.everyMs / sizes[name]), unit: name };
}

/** As the gateway takes it; null where it is not in order. */
export function scheduleIn(draft: JobDraft): (Record<string, unknown> & { kind: string }) | null {
  if (draft.kind === 'cron') {
    const tz = draft.tz.trim();
    const expr = draft.expr.trim();
    if (expr === '' || faultOfCron(expr, tz || null) !== null) return null;
    return { kind: 'cron', expr, ...(tz === '' ? {} : { tz }) };
  }
  if (draft.kind === 'every') {
    const everyMs = Math.round(Number(draft.every) * sizes[draft.unit]);
    // The gateway takes a millisecond, and would do nothing else any more.
    return everyMs >= sizes.minutes ? { kind: 'every', everyMs } : null;
  }
  const at = momentOf(draft.at);
  return at === null ? null : { kind: 'at', at: new Date(at).toISOString() };
}

/** The command that makes or changes the job; null where the form is not in order. */
export function jobOrder(gateway: string, job: CronJob | null, draft: JobDraft): Order | null {
  const schedule = scheduleIn(draft);
  const name = draft.name.trim();
  const message = draft.message.trim();
  if (schedule === null || name === '' || draft.agentId === '') return null;
  const payload = { kind: 'agentTurn', message };
  if (job === null) {
    if (message === '') return null;
    // Without a channel to announce at, every run would end as a failure.
    const delivery = { mode: draft.announce ? 'announce' : 'none' };
    const given = { name, agentId: draft.agentId, schedule, payload, delivery };
    const params = { ...given, sessionTarget: 'isolated', wakeMode: 'now' };
    return { gateway, kind: 'cron.create', target: {}, params };
  }
  const patch = {
    ...(name === job.name ? {} : { name }),
    ...(draft.agentId === job.agentId ? {} : { agentId: draft.agentId }),
    ...(isSame(schedule, job) ? {} : { schedule }),
    ...(message === '' ? {} : { payload }),
  };
  if (Object.keys(patch).length === 0) return null;
  const { id, version } = job;
  return {
    gateway,
    kind: 'cron.update',
    target: { jobId: id },
    params: { patch },
    expect: { version },
  };
}

const isSame = (schedule: Record<string, unknown>, job: CronJob): boolean =>
  JSON.stringify(scheduleOf({ schedule })) === JSON.stringify(scheduleOf(job));
