/** Something that can be found by its name, and by other texts about it. */
export interface Findable {
  name: string;
  also: string;
}

/**
 * The best matches that hold every word of the text, at most `limit`: names that begin with it, then names with a word that
 * does, then the others; equal ones in the given order.
 */
export function find<T>(
  things: Iterable<T>,
  text: string,
  limit: number,
  describe: (thing: T) => Findable,
): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const ranks: T[][] = [[], [], [], []];
  for (const thing of things) {
    const rank = rankOf(describe(thing), words);
    if (rank !== null) ranks[rank]?.push(thing);
  }
  return ranks.flat().slice(0, limit);
}

// 0 for the best; null where a word is missing.
function rankOf({ name, also }: Findable, words: readonly string[]): number | null {
  const title = name.toLowerCase();
  const all = `${title}\n${also.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return null;
  const whole = words.join(' ');
  if (title.startsWith(whole)) return title === whole ? 0 : 1;
  return words.every((word) => ` ${title}`.includes(` ${word}`)) ? 2 : 3;
}
