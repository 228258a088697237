import { expect, it } from 'vitest';
import { find } from './find';

const names = ['Scout 12', 'Big Scout', 'Scout', 'Ascout', 'Otto'];
const found = (text: string, limit = 9) =>
  find(names, text, limit, (name) => ({ name, also: name === 'Otto' ? 'scouting' : '' }));

it('puts the exact name first, then beginnings, then words, then the rest', () => {
  expect(found('scout')).toEqual(['Scout', 'Scout 12', 'Big Scout', 'Ascout', 'Otto']);
});

it('wants every word, in any case and order', () => {
  expect(found('SCOUT 12')).toEqual(['Scout 12']);
  expect(found('scout  big')).toEqual(['Big Scout']);
  expect(found('scout nobody')).toEqual([]);
});

it('gives no more than asked for, and all where nothing is asked', () => {
  expect(found('', 2)).toEqual(['Scout 12', 'Big Scout']);
});
