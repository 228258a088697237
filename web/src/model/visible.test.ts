import { describe, expect, it } from 'vitest';
import { foldOf, hidesSomething, revealed, stretchesOf } from './visible';

const shown = (text: string) =>
  stretchesOf(text)
    .map((stretch) => (stretch.hidden ? `[${stretch.text}]` : stretch.text))
    .join('');

describe('stretchesOf', () => {
  it('names what turns the text, so that a command reads in the order in which it runs', () => {
    expect(shown('rm \u202Efdp.exe\u202C /')).toBe('rm [U+202E]fdp.exe[U+202C] /');
    expect(shown('a\u2066b\u2069\u200E\u200F\u061C')).toBe(
      'a[U+2066]b[U+2069][U+200E][U+200F][U+061C]',
    );
  });

  it('names what is drawn as nothing', () => {
    expect(shown('ls\u200B\u200D\uFEFF\u00AD\u2060\u3164\u2800\uFE0F')).toBe(
      'ls[U+200B][U+200D][U+FEFF][U+00AD][U+2060][U+3164][U+2800][U+FE0F]',
    );
    expect(shown('x\u{E0041}\u{E0100}\uE000')).toBe('x[U+E0041][U+E0100][U+E000]');
  });

  it('names blanks that are not the blank, and other line ends', () => {
    expect(shown('a\u00A0b\u2003c\u2028d\u0085')).toBe('a[U+00A0]b[U+2003]c[U+2028]d[U+0085]');
  });

  it('names controls: an escape moves no cursor, a return overwrites nothing', () => {
    expect(shown('safe\r\u001b[2Kevil\t\0\u007f')).toBe('safe[␍][␛][2Kevil[→][␀][␡]');
  });

  it('keeps line ends, blanks and the letters of all people', () => {
    const text = 'echo "שלום Grüße 你好 🎉"\n  ls';
    expect(stretchesOf(text)).toEqual([{ text, hidden: false }]);
  });

  it('tells whether something is hidden; a tab is no secret', () => {
    expect(hidesSomething('a\tb\nc')).toBe(false);
    expect(hidesSomething('a\u200Bb')).toBe(true);
  });
});

it('can stand in a sentence without turning it', () => {
  expect(revealed('rm \u202Efdp\u202C x')).toBe('rm ‹U+202E›fdp‹U+202C› x');
});

describe('foldOf', () => {
  const whole = (text: string) => {
    const { head, folded, tail } = foldOf(text);
    return head + folded + tail;
  };

  it('leaves a short command whole', () => {
    expect(foldOf('ls -l\npwd')).toEqual({ head: 'ls -l\npwd', folded: '', tail: '' });
  });

  it('shows the beginning and the end of a long one, and loses nothing', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${String(index)}`).join('\n');
    const { head, folded, tail } = foldOf(lines);
    expect(head).toMatch(/^line 0\n[^]*line 13$/);
    expect(tail).toMatch(/^line 96[^]*line 99$/);
    expect(folded.length).toBeGreaterThan(0);
    expect(whole(lines)).toBe(lines);
  });

  it('folds one line that is long, and cuts no character in half', () => {
    const line = '🎉'.repeat(4_000);
    const { head, folded, tail } = foldOf(line);
    expect(folded.length).toBeGreaterThan(5_000);
    expect(`${head}${tail}`).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    expect(whole(line)).toBe(line);
    expect(whole(`${'a'.repeat(3_000)}\nb`)).toBe(`${'a'.repeat(3_000)}\nb`);
  });
});
