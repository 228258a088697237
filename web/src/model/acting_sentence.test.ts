import { expect, it } from 'vitest';
import { agent, approval, command, entry, job } from '../testing/rows';
import { Narrator } from './narrator';
import { textOf } from './sentence';

const names = {
  agent: (_: string, id: string) => agent({ id }).name,
  isShared: () => false,
  session: () => 'Draft the release notes',
};
const tell = (over: Parameters<typeof entry>[0]) => {
  const told = new Narrator(names).tell(entry(over));
  return `${textOf(told)} | ${told.detail}`;
};

it('tells what waits, and who decided it', () => {
  const asked = approval({ command: 'rm -rf\n build' });
  expect(tell({ cause: 'approval', approvals: { upsert: [asked] } })).toBe(
    'Otto needs approval | rm -rf build',
  );
  const denied = approval({ status: 'denied', decidedBy: 'Ada' });
  expect(tell({ cause: 'approval', approvals: { upsert: [denied] } })).toBe(
    'Otto · request denied by Ada | ls -l',
  );
});

it('does not let a command turn the sentence that tells of it', () => {
  const hostile = approval({ command: 'rm \u202Efdp.exe' });
  expect(tell({ cause: 'approval', approvals: { upsert: [hostile] } })).toBe(
    'Otto needs approval | rm ‹U+202E›fdp.exe',
  );
});

it('tells who told a gateway what, and what became of it', () => {
  const row = command({
    kind: 'session.abort',
    target: { sessionKey: 'k' },
    params: {},
    status: 'done',
  });
  expect(tell({ cause: 'command', commands: { upsert: [row] } })).toBe(
    'ada · studio · stop a session: done | Draft the release notes',
  );
});

it('tells of a job that failed as of a problem', () => {
  const failed = job({ lastStatus: 'error', lastError: 'Channel is required' });
  const told = new Narrator(names).tell(entry({ cause: 'cron', cron: { upsert: [failed] } }));
  expect(told.problem).toBe(true);
  expect(told.detail).toContain('Channel is required');
});

it('counts rows of which an entry holds many', () => {
  const rows = [approval(), approval({ id: 'a2' })];
  expect(tell({ cause: 'approval', approvals: { upsert: rows } })).toContain('2 approvals');
});
