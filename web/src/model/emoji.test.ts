import { expect, it } from 'vitest';
import { emojiOf } from './emoji';

it('shows the one emoji of an agent, also one of several characters', () => {
  for (const one of ['🌱', '⚓', '👩‍🚀', '🇳🇵', '❤️']) expect(emojiOf(`${one} and more`)).toBe(one);
});

it('shows nothing of what is no emoji', () => {
  for (const text of [null, '', 'A', '1', '<svg onload=alert(1)>', '\u202E🌱']) {
    expect(emojiOf(text)).toBeNull();
  }
});
