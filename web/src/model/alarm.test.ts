import { describe, expect, it } from 'vitest';
import { agent } from '../testing/rows';
import { Alarm, noticeOf, type Shown } from './alarm';
import type { Status } from './status';

const shown = (id: string, status: Status, statusSince = 1): Shown => ({
  key: `studio/${id}`,
  agent: agent({ id, name: id, statusSince, statusReason: 'Timed out' }),
  status,
});
const keys = (news: readonly Shown[]) => news.map(({ agent: { id } }) => id);

describe('Alarm', () => {
  it('is raised once for each trouble, and not for what was seen', () => {
    const alarm = new Alarm();
    alarm.remember([shown('old', 'error')]);
    expect(keys(alarm.look([shown('old', 'error'), shown('a', 'working')]))).toEqual([]);
    expect(keys(alarm.look([shown('old', 'error'), shown('a', 'stalled')]))).toEqual(['a']);
    expect(keys(alarm.look([shown('old', 'error'), shown('a', 'stalled')]))).toEqual([]);
  });

  it('is raised again where an agent recovered, or failed anew between two looks', () => {
    const alarm = new Alarm();
    alarm.look([shown('a', 'error')]);
    alarm.look([shown('a', 'idle', 2)]);
    expect(keys(alarm.look([shown('a', 'error', 3)]))).toEqual(['a']);
    expect(keys(alarm.look([shown('a', 'error', 9)]))).toEqual(['a']);
  });

  it('tells the most severe first', () => {
    const all = [shown('w', 'waiting'), shown('s', 'stalled'), shown('e', 'error')];
    expect(keys(new Alarm().look(all))).toEqual(['e', 's', 'w']);
  });

  it('is not raised by a gateway that comes back with the trouble that it left with', () => {
    const alarm = new Alarm();
    alarm.remember([shown('a', 'error')]);
    expect(keys(alarm.look([shown('a', 'unknown')]))).toEqual([]);
    expect(keys(alarm.look([shown('a', 'error')]))).toEqual([]);
    alarm.look([shown('a', 'unknown')]);
    expect(keys(alarm.look([shown('a', 'waiting', 5)]))).toEqual(['a']);
  });
});

describe('noticeOf', () => {
  const nameOf = ({ name }: { name: string }) => name;

  it('says of one agent what is wrong and why', () => {
    expect(noticeOf([shown('Atlas', 'error')], nameOf)).toEqual({
      title: 'Atlas is in error',
      body: 'Timed out',
      tag: 'studio/Atlas',
    });
  });

  it('is one for several that come at once', () => {
    const news = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => shown(id, 'stalled'));
    const notice = noticeOf(news, nameOf);
    expect(notice?.title).toBe('6 agents need attention');
    expect(notice?.body.split('\n')).toHaveLength(5);
    expect(notice?.body).toContain('and 2 more');
  });

  it('is none where nothing is new', () => {
    expect(noticeOf([], nameOf)).toBeNull();
  });
});
