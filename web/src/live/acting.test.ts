import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Approval, Command } from '../api/client';
import { approval, command, entry, gateway } from '../testing/rows';
import type { Connection, Delivery } from './protocol';

vi.mock('./connect', () => ({ connect: () => ({ say: () => undefined }) }));
const { FleetCopy } = await import('./fleet.svelte');
const { Commands } = await import('./commands.svelte');
const { Approvals } = await import('./approvals.svelte');
const { Account } = await import('./account.svelte');

const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  connection: { state: 'live', since: 0, retryAt: null, reason: null },
  cursor: 'k3f9x2ab-10',
  asOf: 1,
  everything: null,
  entries: [],
  missedEntries: 0,
  ahead: null,
  ...over,
});

/** What the server answers, in turn; without an answer it is not there. */
let answers: (() => Response)[] = [];
let asked: { url: string; init: RequestInit }[] = [];

beforeEach(() => {
  answers = [];
  asked = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const next = answers.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new Error('Failed to fetch'));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function scene(role: 'viewer' | 'operator' | 'admin' = 'operator') {
  const fleet = new FleetCopy();
  fleet.apply(delivery({ everything: { gateways: [gateway()], agents: [] } }));
  const account = new Account(fleet);
  account.who = { name: 'ada', role };
  const commands = new Commands(fleet, account, [0, 0, 0]);
  return { fleet, account, commands, approvals: new Approvals(fleet, commands) };
}

const order = { gateway: 'studio', kind: 'stop', target: {}, params: {} };
const keyOf = (place: number) => new Headers(asked[place]?.init.headers).get('Idempotency-Key');
const tell = (fleet: InstanceType<typeof FleetCopy>, row: Command) => {
  fleet.apply(delivery({ entries: [entry({ cause: 'command', commands: { upsert: [row] } })] }));
};

describe('Commands', () => {
  it('asks again with the same key where Control Center did not answer, so that nothing is done twice', async () => {
    const { commands } = scene();
    answers = [
      () => {
        throw new TypeError('Failed to fetch');
      },
      () => Response.json(command(), { status: 202 }),
    ];
    expect((await commands.give(order)).ok).toBe(true);
    expect(asked.length).toBe(2);
    expect(keyOf(0)).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf(0)).toBe(keyOf(1));
  });

  it('draws another key for another command, also for the same thing', async () => {
    const { commands } = scene();
    answers = [() => Response.json(command()), () => Response.json(command())];
    await commands.give(order);
    await commands.give(order);
    expect(keyOf(0)).not.toBe(keyOf(1));
  });

  it('does not ask again where it was refused, and keeps why', async () => {
    const { commands } = scene();
    answers = [
      () => Response.json({ title: 'Conflict', status: 409, detail: 'no' }, { status: 409 }),
    ];
    await commands.give(order);
    expect(asked.length).toBe(1);
    expect(commands.latest('studio', {}, ['stop'])?.attempt?.failure?.detail).toBe('no');
  });

  it('follows a command to its end by the stream, and never back', async () => {
    const { fleet, commands } = scene();
    const row = command({ kind: 'stop', target: {}, version: 5 });
    answers = [() => Response.json(row)];
    tell(fleet, { ...row, status: 'done', version: 7 });
    await commands.give(order);
    expect(commands.latest('studio', {}, ['stop'])?.command?.status).toBe('done');
  });

  it('tells the latest of a target, whoever gave it', () => {
    const { fleet, commands } = scene();
    tell(fleet, command({ id: '01', status: 'done' }));
    tell(fleet, command({ id: '02', author: { name: 'bob', role: 'admin', via: 'cli' } }));
    tell(fleet, command({ id: '03', target: { approvalId: 'other' } }));
    const latest = commands.latest('studio', { approvalId: 'a1' }, ['approval.decide']);
    expect(latest?.command?.author.name).toBe('bob');
  });

  it('offers and hinders as role, access, connection and gateway have it', () => {
    const { fleet, commands } = scene();
    const hindered = () => commands.hindrance('approval.decide', 'studio');
    const put = (over: Parameters<typeof gateway>[0]) => {
      fleet.apply(delivery({ entries: [entry({ gateways: { upsert: [gateway(over)] } })] }));
    };
    expect(hindered()).toBeNull();
    expect(commands.offers('session.delete', 'studio')).toBe(false);
    put({ can: [], state: 'offline' });
    expect(hindered()).toMatch(/not connected/);
    expect(commands.offers('approval.decide', 'studio')).toBe(true);
    put({ can: [], access: 'read' });
    expect(hindered()).toMatch(/CONTROL_CENTER_GATEWAY_ACCESS/);
    expect(commands.offers('approval.decide', 'studio')).toBe(false);
    put({ can: ['stop'] });
    expect(hindered()).toMatch(/does not offer/);
  });

  it('lets nobody decide on a page that is behind', () => {
    const { fleet, commands } = scene();
    for (const state of ['quiet', 'lost', 'connecting', 'signed-out'] as const) {
      const connection: Connection = { state, since: 0, retryAt: null, reason: null };
      fleet.apply(delivery({ connection }));
      expect(commands.hindrance('approval.decide', 'studio'), state).toMatch(/behind/);
    }
  });

  it('lets viewers do nothing', () => {
    const { commands } = scene('viewer');
    expect(commands.offers('approval.decide', 'studio')).toBe(false);
    expect(commands.hindrance('approval.decide', 'studio')).toMatch(/viewer/);
  });
});

const page =
  (items: Approval[], cursor = 'k3f9x2ab-10') =>
  () =>
    Response.json({ items, total: items.length, next: null, cursor });
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('Approvals', () => {
  it('name the version that was seen, and take over the row of a conflict', async () => {
    const { approvals } = scene();
    answers = [page([approval({ version: 5 })])];
    approvals.follow();
    await settled();
    const now = approval({ version: 8, status: 'denied', decidedBy: 'bob' });
    answers = [
      () => Response.json({ title: '', status: 409, detail: '', row: now }, { status: 409 }),
    ];
    await approvals.decide(approval({ version: 5 }), 'approval.decide', { decision: 'allow-once' });
    expect(JSON.parse(asked.at(-1)?.init.body as string)).toMatchObject({ expect: { version: 5 } });
    expect(approvals.pending).toEqual([]);
    expect(approvals.rowOf('studio\0a1')?.decidedBy).toBe('bob');
  });

  it('do not lose one that the stream brought while the list was read', async () => {
    const { fleet, approvals } = scene();
    let release: (response: Response) => void = () => undefined;
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (release = resolve)));
    approvals.follow();
    const late = approval({ id: 'late', version: 12 });
    fleet.apply(
      delivery({ entries: [entry({ seq: 12, cause: 'approval', approvals: { upsert: [late] } })] }),
    );
    release(page([approval()])());
    await settled();
    expect(approvals.pending.map(({ id }) => id).sort()).toEqual(['a1', 'late']);
  });

  it('tell how those ended that were seen, and ended while nobody listened', async () => {
    const { fleet, approvals } = scene();
    answers = [page([approval()])];
    approvals.follow();
    await settled();
    answers = [
      page([], 'k3f9x2ab-20'),
      () => Response.json(approval({ status: 'expired', version: 15 })),
    ];
    fleet.apply(
      delivery({ cursor: 'k3f9x2ab-20', everything: { gateways: [gateway()], agents: [] } }),
    );
    await settled();
    await settled();
    expect(approvals.pending).toEqual([]);
    expect(approvals.rowOf('studio\0a1')?.status).toBe('expired');
  });
});
