import { expect, it } from 'vitest';
import { csvOf, csvTime } from './csv';

it('quotes what holds commas, quotes or lines', () => {
  expect(
    csvOf(
      ['a', 'b'],
      [
        ['x, y', 'say "hi"'],
        ['1\n2', null],
      ],
    ),
  ).toBe('a,b\r\n"x, y","say ""hi"""\r\n"1\n2",\r\n');
});

it('keeps a spreadsheet from calculating what an agent wrote', () => {
  expect(csvOf(['a'], [['=HYPERLINK("http://x")'], ['+1'], ['@x']])).toBe(
    `a\r\n"'=HYPERLINK(""http://x"")"\r\n'+1\r\n'@x\r\n`,
  );
  expect(csvOf(['n'], [[-1], [true]])).toBe('n\r\n-1\r\ntrue\r\n');
});

it('writes moments in UTC', () => {
  expect([csvTime(0), csvTime(null)]).toEqual(['1970-01-01T00:00:00.000Z', null]);
});
