import { expect, it } from 'vitest';
import { termsOf } from './search';

const terms = (text: string) =>
  termsOf(text, (name) => name === 'model' || name === 'status').map(({ field, values }) =>
    [field ?? '*', ...values].join('|'),
  );

it('splits words, and keeps together what is quoted', () => {
  expect(terms('Night  "shift two"')).toEqual(['*|night', '*|shift two']);
  expect(terms('"not ended')).toEqual(['*|not ended']);
});

it('reads fields with one value or several', () => {
  expect(terms('status:error,stalled model:"claude opus"')).toEqual([
    'status|error|stalled',
    'model|claude opus',
  ]);
});

it('takes an unknown field for text, and asks for nothing where a field has no value yet', () => {
  expect(terms('colour:red')).toEqual(['*|colour:red']);
  expect(terms('model: ""')).toEqual([]);
});
