/** A stretch of text as it may be shown. `hidden`: what cannot be seen, or turns what stands beside it, by its name. */
export interface Stretch {
  text: string;
  hidden: boolean;
}

/** What cannot be seen, by its kinds. Line ends are among them; they are let through. */
const unseen = [
  // Controls, what turns the text, tags, characters of nobody, other line ends.
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u,
  // Blanks of another kind than the blank.
  /(?! )\p{Zs}/u,
  // Joiners, fillers and variation selectors, which count as letters or marks.
  /\u034F|\u115F|\u1160|\u17B4|\u17B5|\u180B|\u180C|\u180D|\u180F|\u2800|\u3164|\uFFA0/u,
  /[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u,
];
const everyUnseen = new RegExp(unseen.map(({ source }) => source).join('|'), 'gu');

const names: Record<string, string> = {
  '\t': '→',
  '\r': '␍',
  '\0': '␀',
  '\u001b': '␛',
  '\u007f': '␡',
};

/** The text with what is hidden in it named. Line ends stay what they are. Nothing is left out: the stretches hold all of it. */
export function stretchesOf(text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (const match of text.matchAll(everyUnseen)) {
    const [character] = match;
    if (character === '\n') continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), hidden: false });
    found.push({ text: nameOf(character), hidden: true });
    end = match.index + character.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), hidden: false });
  return found;
}

/** The text as one that can stand in a sentence: what is hidden in it is named between marks. */
export const revealed = (text: string): string =>
  stretchesOf(text)
    .map((stretch) => (stretch.hidden ? `‹${stretch.text}›` : stretch.text))
    .join('');

/** Whether something in it would not be seen. A tab is no secret. */
export const hidesSomething = (text: string): boolean =>
  stretchesOf(text).some(({ hidden, text: name }) => hidden && name !== '→');

function nameOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return names[character] ?? `U+${code}`;
}

/** A long text in parts: its beginning, how much is folded, and its end. `folded` is empty where all is shown. */
export interface Fold {
  head: string;
  folded: string;
  tail: string;
}

const mostLines = 24;
const mostCharacters = 2_400;
const headLines = 14;
const tailLines = 4;

/** The end is shown too: what a long command does last is where harm is hidden. */
export function foldOf(text: string): Fold {
  const lines = text.split('\n');
  if (lines.length <= mostLines && text.length <= mostCharacters) {
    return { head: text, folded: '', tail: '' };
  }
  const byLines = {
    head: lines.slice(0, headLines).join('\n'),
    tail: lines.length > headLines + tailLines ? lines.slice(-tailLines).join('\n') : '',
  };
  const head = cut(byLines.head, 0, mostCharacters / 2);
  const tail = cut(byLines.tail || text.slice(head.length), -mostCharacters / 4, undefined);
  return { head, folded: text.slice(head.length, text.length - tail.length), tail };
}

/** A slice that does not cut a character of two code units in half. */
function cut(text: string, from: number, to: number | undefined): string {
  const piece = text.slice(from, to);
  return piece.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '');
}
