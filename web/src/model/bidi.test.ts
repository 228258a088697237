import { expect, it } from 'vitest';
import { isolated } from './bidi';

it('leaves what is written from left to right alone', () => {
  for (const name of ['Otto', 'Ключ', '猫', '<b>', '']) expect(isolated(name)).toBe(name);
});

it('keeps what is written from right to left to itself', () => {
  expect(isolated('שלום')).toBe('\u2068שלום\u2069');
});

it('does not let a name turn the sentence around it', () => {
  expect(isolated('a\u202Eexe.txt')).toBe('\u2068aexe.txt\u2069');
  expect(isolated('a\u2069\u202Eb')).toBe('\u2068ab\u2069');
});
