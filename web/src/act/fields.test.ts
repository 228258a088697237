import { expect, it } from 'vitest';
import { faultOf, type Field, paramsOf, valuesOf } from './fields';

const fields: Field[] = [
  { name: 'label', label: 'Title', kind: 'text', value: 'Old', clears: true, change: true },
  { name: 'model', label: 'Model', kind: 'model', value: '', change: true },
  { name: 'archived', label: 'Archived', kind: 'flag', value: false, change: true },
];

it('asks for what was changed, and for nothing else', () => {
  expect(paramsOf(fields, valuesOf(fields))).toEqual({});
  expect(paramsOf(fields, { label: ' New ', model: '', archived: true })).toEqual({
    label: 'New',
    archived: true,
  });
});

it('takes away by an empty text only where that is meant', () => {
  expect(paramsOf(fields, { label: '', model: '', archived: false })).toEqual({ label: null });
});

it('says what is missing', () => {
  const name: Field = { name: 'name', label: 'Name', kind: 'text', value: '', required: true };
  expect(faultOf([name], { name: '  ' })).toBe('Name is needed.');
  expect(faultOf([name], { name: 'otto' })).toBeNull();
});
