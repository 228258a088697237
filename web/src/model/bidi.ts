// Letters that are written from right to left, and characters that turn the direction of what follows.
const turning = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFF]/;
const isolate = '\u2068';
const end = '\u2069';

/**
 * A name as part of a sentence: one that is written from right to left, or that tries to turn the text around it, is kept to
 * itself, so that the sentence still reads as it should.
 */
export function isolated(name: string): string {
  if (!turning.test(name)) return name;
  // An end of its own would let the rest out.
  return isolate + name.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '') + end;
}
