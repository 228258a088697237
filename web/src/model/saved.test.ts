import { expect, it } from 'vitest';
import { pinsIn, viewsIn } from './saved';

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
