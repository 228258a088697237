import { expect, it } from 'vitest';
import { ariaSort, type Column, nextSort } from './table';

const name: Column = { id: 'name', label: 'Agent', sort: 'name' };
const runs: Column = { id: 'runs', label: 'Runs', sort: 'activeRuns', first: 'descending' };

it('sorts by a click, the other way by the next, and not at all by the third', () => {
  expect([nextSort(name, ''), nextSort(name, 'name'), nextSort(name, '-name')]).toEqual([
    'name',
    '-name',
    null,
  ]);
  expect([
    nextSort(runs, 'name'),
    nextSort(runs, '-activeRuns'),
    nextSort(runs, 'activeRuns'),
  ]).toEqual(['-activeRuns', 'activeRuns', null]);
});

it('tells screen readers the order of the column that is sorted by', () => {
  expect([ariaSort(name, 'name'), ariaSort(name, '-name'), ariaSort(runs, 'name')]).toEqual([
    'ascending',
    'descending',
    'none',
  ]);
});
