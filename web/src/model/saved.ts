/** A list with its filters, order and columns, under a name. */
export interface SavedView {
  name: string;
  /** Path and query, of a page of ours. */
  href: string;
}

const mostViews = 50;
const mostPins = 500;

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

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, href } = value as Partial<Record<'name' | 'href', unknown>>;
  // A path, and no address of another host: `//host` would be one.
  return (
    typeof name === 'string' && name !== '' && typeof href === 'string' && /^\/(?![/\\])/.test(href)
  );
}
