import { expect, it } from 'vitest';
import { mutesIn, notesIn, pinsIn, viewsIn } from './saved';

it('takes of what is stored only views that lead to a page of ours', () => {
  const good = { name: 'Failing', href: '/?status=error' };
  const stored = [
    good,
    { name: '', href: '/' },
    { name: 'away', href: '//example.com/' },
    { name: 'away', href: '/\\example.com' },
    { name: 'script', href: 'javascript:alert(1)' },
    null,
    'x',
  ];
  expect(viewsIn(stored)).toEqual([good]);
  for (const other of [null, {}, 'views', 7]) expect(viewsIn(other)).toEqual([]);
});

it('takes of stored pins only texts', () => {
  expect(pinsIn(['a\0b', 7, null])).toEqual(['a\0b']);
  expect(pinsIn({ 0: 'a' })).toEqual([]);
});

it('takes of stored mutes and notes only whole ones, and no endless text', () => {
  expect(mutesIn([{ key: 'a', until: null }, { key: 'b', until: 5 }, { key: 'c' }, 7])).toEqual([
    { key: 'a', until: null },
    { key: 'b', until: 5 },
  ]);
  const [note] = notesIn([
    { key: 'a', text: 'x'.repeat(9_000) },
    { key: 'b', text: 4 },
  ]);
  expect(note?.text).toHaveLength(500);
  for (const other of [null, {}, 'x', 7])
    expect([mutesIn(other), notesIn(other)]).toEqual([[], []]);
});
