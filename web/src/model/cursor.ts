import type { ChangeSet, Cursor } from '../api/client';

export const cursorOf = (entry: ChangeSet): Cursor => `${entry.epoch}-${String(entry.seq)}`;

/** Numbers go on across epochs, so entries are compared by number alone. */
export function sequenceOf(cursor: Cursor): number {
  return Number(cursor.slice(cursor.indexOf('-') + 1));
}

/** The cursor to ask for pages `before` with, so that the entry at this one is the last of them. */
export function upTo(cursor: Cursor): Cursor {
  return `${cursor.slice(0, cursor.indexOf('-'))}-${String(sequenceOf(cursor) + 1)}`;
}
