import { expect, it } from 'vitest';
import { ariaSort, type Column, type Item, nextSort, stepTo, widthOf } from './table';

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

it('gives what is left to columns without a width, else to the one with the link', () => {
  const status: Column = { id: 'status', label: 'Status', width: '108px', narrow: '92px' };
  const linked: Column = { id: 'name', label: 'Agent', width: '21%', link: true };
  const why: Column = { id: 'why', label: 'Why' };
  expect(widthOf(linked, [status, linked, why], false)).toBe('21%');
  expect(widthOf(linked, [status, linked], false)).toBeNull();
  expect(widthOf(why, [status, linked, why], false)).toBeNull();
  expect([widthOf(status, [status], false), widthOf(status, [status], true)]).toEqual([
    '108px',
    '92px',
  ]);
});

it('steps from row to row, past heads of groups, and stays within the list', () => {
  const row = (key: string): Item => ({ kind: 'row', key });
  const head = (key: string): Item => ({ kind: 'group', key, label: key, count: 1 });
  const items = [head('a'), row('1'), row('2'), head('b'), row('3')];
  expect([stepTo(items, 1, 1), stepTo(items, 2, 1), stepTo(items, 4, -1)]).toEqual([2, 4, 2]);
  expect([stepTo(items, 4, 1), stepTo(items, 2, -Infinity), stepTo(items, 1, Infinity)]).toEqual([
    4, 1, 4,
  ]);
});
