/** A list with its filters, order and columns, under a name. */
export interface SavedView {
  name: string;
  /** Path and query, of a page of ours. */
  href: string;
}

/** An agent that is muted: its key, and until when by the server's clock; null: until that is lifted. */
export interface Mute {
  key: string;
  until: number | null;
}

/** What somebody wrote about an agent. */
export interface Note {
  key: string;
  text: string;
}

const mostViews = 50;
const mostPins = 500;
export const longestNote = 500;

/** The saved views in what was stored; what is none is left out. */
export function viewsIn(stored: unknown): readonly SavedView[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isView).slice(-mostViews);
}

/** The keys of pinned agents in what was stored. */
export function pinsIn(stored: unknown): readonly string[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((key) => typeof key === 'string').slice(-mostPins);
}

/** The mutes in what was stored. */
export function mutesIn(stored: unknown): readonly Mute[] {
  return membersOf(stored).flatMap(({ key, until }) =>
    typeof key === 'string' && (until === null || typeof until === 'number')
      ? [{ key, until }]
      : [],
  );
}

/** The notes in what was stored. */
export function notesIn(stored: unknown): readonly Note[] {
  return membersOf(stored).flatMap(({ key, text }) =>
    typeof key === 'string' && typeof text === 'string'
      ? [{ key, text: text.slice(0, longestNote) }]
      : [],
  );
}

function membersOf(stored: unknown): readonly Partial<Record<'key' | 'until' | 'text', unknown>>[] {
  if (!Array.isArray(stored)) return [];
  return stored.slice(-mostPins).filter((one) => typeof one === 'object' && one !== null);
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, href } = value as Partial<Record<'name' | 'href', unknown>>;
  // A path, and no address of another host: `//host` would be one.
  return (
    typeof name === 'string' && name !== '' && typeof href === 'string' && /^\/(?![/\\])/.test(href)
  );
}
