import type { Item } from '../../model/item';
import type { Breakpoint } from '../window.svelte';

export type { Item };

/** A column of a table. */
export interface Column {
  id: string;
  label: string;
  /** A CSS width; the columns without one share what is left. */
  width?: string;
  /** Instead, on a phone. */
  narrow?: string;
  align?: 'right';
  /** Its name in `?sort=`, where it can be sorted by. */
  sort?: string;
  /** The order that a first click sorts in. */
  first?: 'descending';
  /** Left out where the window is narrower: below 1600, 1280, 960 or 640 px. */
  from?: Breakpoint;
  /** The column whose content is the link to the row's page. */
  link?: true;
}

/** `-name` sorts from the greatest down. */
export interface Sort {
  field: string;
  descending: boolean;
}

export function parseSort(text: string): Sort {
  return text.startsWith('-')
    ? { field: text.slice(1), descending: true }
    : { field: text, descending: false };
}

/** The `?sort=` that a click on a column's head asks for: its first order, the other, then none. */
export function nextSort(column: Column, current: string): string | null {
  const field = column.sort ?? column.id;
  const up = field;
  const down = `-${field}`;
  const [first, second] = column.first === 'descending' ? [down, up] : [up, down];
  if (current === first) return second;
  return current === second ? null : first;
}

export function ariaSort(column: Column, current: string): 'ascending' | 'descending' | 'none' {
  const { field, descending } = parseSort(current);
  if (field !== (column.sort ?? column.id)) return 'none';
  return descending ? 'descending' : 'ascending';
}

/** The CSS width of one of a table's columns; null: what is left. */
export function widthOf(column: Column, columns: readonly Column[], small: boolean): string | null {
  // Some column must take what is left: where all have a width, the one with the link.
  if (column.link && columns.every(({ width }) => width !== undefined)) return null;
  return (small ? column.narrow : null) ?? column.width ?? null;
}

/** The place that a step from `index` leads to: within the list, and past the head of a group. */
export function stepTo(items: readonly Item[], index: number, step: number): number {
  const place = Math.min(items.length - 1, Math.max(0, index + step));
  if (items[place]?.kind !== 'group') return place;
  return place + (step < 0 && place > 0 ? -1 : 1);
}
