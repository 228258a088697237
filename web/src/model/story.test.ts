import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../api/client';
import { agent, entry, gateway, session } from '../testing/rows';
import { type Names, textOf } from './sentence';
import { isSync, linesOf } from './story';

const names: Names = {
  agent: (_, id) => id,
  isShared: () => false,
  session: () => null,
};

function told(...entries: Partial<ChangeSet>[]): string[] {
  const numbered = entries.map((over, index) => entry({ seq: index + 1, ...over }));
  return linesOf(numbered, names).map(
    ({ entries: own, sentence }) => `${own.map(({ seq }) => seq).join('+')} ${textOf(sentence)}`,
  );
}

const start = (id: string): Partial<ChangeSet> => ({
  cause: 'sessions.changed',
  sessions: {
    upsert: [
      session({
        key: `agent:${id}:main`,
        agentId: id,
        status: 'running',
        startedAt: 15_000,
        endedAt: null,
      }),
    ],
  },
});
const end = (id: string, status = 'done', endedAt = 15_000): Partial<ChangeSet> => ({
  cause: 'sessions.changed',
  sessions: {
    upsert: [
      session({ key: `agent:${id}:main`, agentId: id, status, endedAt, updatedAt: endedAt }),
    ],
  },
});
const stands = (id: string, over: Parameters<typeof agent>[0]): Partial<ChangeSet> => ({
  agents: { upsert: [agent({ id, name: id, statusSince: 60_000, ...over })] },
});

describe('linesOf', () => {
  it('tells the two halves of a start in one line, also where others come between', () => {
    expect(
      told(
        stands('otto', { reportedStatus: 'working', activeRuns: 1 }),
        stands('ada', { reportedStatus: 'working', activeRuns: 1 }),
        start('otto'),
        start('ada'),
      ),
    ).toEqual(['1+3 otto started', '2+4 ada started']);
  });

  it('tells a failure once: how long it took from the run, why from the agent', () => {
    const reason = 'Context window exceeded';
    const broken = stands('otto', { reportedStatus: 'error', statusReason: reason });
    for (const halves of [
      [broken, end('otto', 'failed')],
      [end('otto', 'failed'), broken],
    ]) {
      const lines = linesOf(
        halves.map((over, index) => entry({ seq: index + 1, ...over })),
        names,
      );
      expect(lines).toHaveLength(1);
      expect(lines[0]?.sentence).toMatchObject({ text: 'failed after 14 s', problem: true });
      expect(lines[0]?.sentence.detail).toContain(reason);
      expect(lines[0]?.sentence.subject?.kind).toBe('session');
    }
  });

  it('keeps the recovery where the run that brought it is told', () => {
    expect(
      told(
        stands('otto', { reportedStatus: 'error' }),
        { ...stands('otto', { reportedStatus: 'idle', statusSince: 90_000 }), at: 90_000 },
        { ...end('otto', 'done', 89_900), at: 90_100 },
      ),
    ).toEqual(['1 otto is in error', '2+3 otto recovered']);
  });

  it('does not take two runs for one event, nor what came later', () => {
    expect(told(start('otto'), end('otto'))).toHaveLength(2);
    expect(
      told(end('otto'), { ...stands('otto', { reportedStatus: 'idle' }), at: 70_000 }),
    ).toHaveLength(2);
    expect(told(start('otto'), start('ada'))).toHaveLength(2);
  });

  it('does not blame an error on a run that ended well at the same time', () => {
    expect(told(stands('otto', { reportedStatus: 'error' }), end('otto'))).toEqual([
      '1 otto is in error',
      '2 otto finished in 14 s',
    ]);
  });

  it('keeps a failure and the recovery right after it apart', () => {
    expect(
      told(
        stands('otto', { reportedStatus: 'error' }),
        end('otto', 'failed'),
        stands('otto', { reportedStatus: 'idle', statusSince: 60_100 }),
        end('otto', 'done', 15_100),
      ),
    ).toEqual(['1+2 otto failed after 14 s', '3+4 otto recovered']);
  });

  it('takes the parts of a sync for one, and adds them up', () => {
    const part = (number: number, over: Partial<ChangeSet>): Partial<ChangeSet> => ({
      cause: 'initial-sync',
      part: number,
      parts: 2,
      ...over,
    });
    const lines = linesOf(
      [
        entry({ seq: 1, ...part(1, { sessions: { upsert: [session(), session({ key: 'b' })] } }) }),
        entry({
          seq: 2,
          ...part(2, {
            sessions: { upsert: [session({ key: 'c' })] },
            gateways: { upsert: [gateway()] },
          }),
        }),
      ],
      names,
    );
    expect(lines).toHaveLength(1);
    expect(lines.map(isSync)).toEqual([true]);
    expect(lines[0]?.sentence).toMatchObject({ text: 'is live', detail: '3 sessions' });
  });

  it('puts lines in the order of their first entries', () => {
    const lines = linesOf(
      [stands('otto', { reportedStatus: 'working' }), start('ada'), start('otto')].map(
        (over, index) => entry({ seq: index + 1, ...over }),
      ),
      names,
    );
    const firsts = lines.map(({ entries }) => entries[0]?.seq ?? 0);
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  });
});
