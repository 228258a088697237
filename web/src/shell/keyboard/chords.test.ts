import { describe, expect, it } from 'vitest';
import { Chords, type Press } from './chords';
import { keyCaps, shortcuts } from './shortcuts';

const press = (key: string, over: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...over,
});
const chords = (mac = false) => new Chords(shortcuts, mac);

describe('Chords', () => {
  it('goes to another page by "g a", and decides nothing', () => {
    const keys = chords();
    expect(keys.press(press('g'), 0)).toBeNull();
    expect(keys.press(press('a'), 100)).toMatchObject({ do: 'go' });
    expect(keys.press(press('a'), 200)).toEqual({ do: 'decide', what: 'allow' });
  });

  it('reads single keys', () => {
    expect(chords().press(press('?'), 0)).toEqual({ do: 'help' });
    expect(chords().press(press('j'), 0)).toEqual({ do: 'move', step: 1 });
    expect(chords().press(press('y'), 0)).toBeNull();
  });

  it('reads two keys one after the other, but not for ever', () => {
    const keys = chords();
    expect(keys.press(press('g'), 0)).toBeNull();
    expect(keys.press(press('s'), 1_000)).toEqual({ do: 'go', href: '/sessions' });
    expect(keys.press(press('g'), 2_000)).toBeNull();
    expect(keys.press(press('s'), 4_000)).toBeNull();
    expect(keys.press(press('g'), 5_000)).toBeNull();
    expect(keys.press(press('g'), 5_100)).toEqual({ do: 'go', href: '/gateways' });
  });

  it('takes a second key that belongs to nothing for itself', () => {
    const keys = chords();
    keys.press(press('g'), 0);
    expect(keys.press(press('j'), 100)).toEqual({ do: 'move', step: 1 });
    expect(keys.press(press('f'), 200)).toBeNull();
  });

  it('leaves other chords to the browser', () => {
    expect(chords().press(press('j', { ctrlKey: true }), 0)).toBeNull();
    expect(chords().press(press('/', { altKey: true }), 0)).toBeNull();
    expect(chords().press(press('k', { ctrlKey: true }), 0)).toEqual({ do: 'palette' });
    expect(chords().press(press('K', { ctrlKey: true }), 0)).toEqual({ do: 'palette' });
    expect(chords().press(press('k', { metaKey: true }), 0)).toBeNull();
    expect(chords(true).press(press('k', { metaKey: true }), 0)).toEqual({ do: 'palette' });
  });
});

it('gives no two shortcuts the same keys', () => {
  const names = shortcuts.map(({ keys }) => keys.join(' '));
  expect(new Set(names).size).toBe(names.length);
  const firsts = shortcuts.filter(({ keys }) => keys.length > 1).map(({ keys }) => keys[0]);
  expect(names.filter((name) => firsts.includes(name))).toEqual([]);
});

it('writes keys as they stand on them', () => {
  expect(keyCaps({ keys: ['Mod+k'], does: '', action: null })).toEqual(['Ctrl', 'K']);
  expect(keyCaps({ keys: ['g', 's'], does: '', action: null })).toEqual(['G', 'S']);
  expect(keyCaps({ keys: ['Escape'], does: '', action: null })).toEqual(['Esc']);
});
