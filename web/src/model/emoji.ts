const emoji = /^(\p{Extended_Pictographic}|\p{Regional_Indicator}{2})/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The one emoji that an agent is known by; null where the text is none: it may hold anything. */
export function emojiOf(text: string | null): string | null {
  if (text === null) return null;
  const [first] = graphemes.segment(text.trim().slice(0, 64));
  return first && emoji.test(first.segment) ? first.segment : null;
}
