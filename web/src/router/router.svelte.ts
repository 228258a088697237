import { tick } from 'svelte';
import { basePath, pathOf } from '../api/base';
import { href, joinList, parseRoute, splitList, type Route } from './route';

/** The current address. Links are plain `<a href>`; clicks on them are handled here, so that the page is not loaded again. */
class Router {
  route = $state.raw<Route>(parseRoute(pathHere(), location.search));
  path = $state.raw(pathHere());
  /** Whether one came here by going back or forth: the page is as it was left, the focus too. */
  cameBack = false;

  start(): void {
    // The browser would scroll before the page that it goes back to is there.
    history.scrollRestoration = 'manual';
    addEventListener('popstate', () => {
      this.cameBack = true;
      this.#read();
      void restore();
    });
    document.addEventListener('click', (event) => {
      const target = linkOf(event);
      if (!target) return;
      event.preventDefault();
      this.go(target);
    });
  }

  /** Goes to another place, as a click on a link would. */
  go(target: string): void {
    const before = this.path;
    this.cameBack = false;
    push(target);
    this.#read();
    if (this.path !== before) scrollTo(0, 0);
  }

  /** Back to the previous page of the dashboard, with its filters; to `above` if there is none. */
  back(above: string): void {
    if (placeState().inner) history.back();
    else this.go(above);
  }

  /** The value of a parameter of this page's query; empty where it is not there. */
  get(name: string): string {
    return this.route.query.get(name) ?? '';
  }

  /** A parameter that lists values. */
  list(name: string): string[] {
    return splitList(this.get(name));
  }

  /**
   * Changes parameters of this page's query; null takes one away. `replace` for what is changed by typing, so that "back"
   * leaves the page instead of undoing letters.
   */
  set(changes: Record<string, string | null>, mode: 'push' | 'replace' = 'push'): void {
    const target = this.hrefWith(changes);
    if (mode === 'replace') history.replaceState(history.state, '', target);
    else push(target);
    this.#read();
  }

  /** Adds a value to a parameter that lists values, or takes it away. */
  toggle(name: string, value: string, changes: Record<string, string | null> = {}): void {
    const values = new Set(this.list(name));
    if (!values.delete(value)) values.add(value);
    this.set({ ...changes, [name]: joinList([...values]) });
  }

  /** The address of this page with some parameters changed: for links that filter or sort. */
  hrefWith(changes: Record<string, string | null>): string {
    const query = Object.fromEntries(this.route.query);
    return href(this.path, { ...query, ...changes });
  }

  #read(): void {
    this.path = pathHere();
    this.route = parseRoute(this.path, location.search);
  }
}

/** What the browser stores with an address: the scroll position, and whether one came from another page of ours. */
interface PlaceState {
  scroll?: number;
  /** The address of the row that had the focus. */
  row?: string;
  inner?: boolean;
}

const pathHere = () => pathOf(location.pathname);

const placeState = () => (history.state ?? {}) as PlaceState;

function push(target: string): void {
  history.replaceState({ ...placeState(), scroll: scrollY, ...focusedRow() }, '');
  history.pushState({ inner: true } satisfies PlaceState, '', target);
}

function focusedRow(): { row?: string } {
  const href = document.activeElement?.closest('a[data-row]')?.getAttribute('href');
  return href ? { row: href } : {};
}

/** A page that has to read its rows again needs a moment. */
const patienceMs = 2_000;

// Long lists need a frame to reach their old length.
async function restore(): Promise<void> {
  const { scroll = 0, row } = placeState();
  await tick();
  requestAnimationFrame(() => {
    scrollTo(0, scroll);
    focusRow(row, performance.now() + patienceMs);
  });
}

// The row one came from, or else the content, as on every arrival.
function focusRow(row: string | undefined, until: number): void {
  const here = document.activeElement;
  if (here !== null && here !== document.body && here.id !== 'content') return;
  const found = row === undefined ? null : rowWith(row);
  if (found) found.focus({ preventScroll: true });
  else if (row === undefined || performance.now() > until) focusContent();
  else
    setTimeout(() => {
      focusRow(row, until);
    }, 50);
}

const rowWith = (href: string) =>
  document.querySelector<HTMLElement>(`a[data-row][href="${CSS.escape(href)}"]`);

const focusContent = () => document.getElementById('content')?.focus({ preventScroll: true });

// Beside a base path there may be somebody else's pages.
const isOurs = (address: string) =>
  `${address}/`.startsWith(basePath) && !/^\/(api|metrics|healthz|readyz)\b/.test(pathOf(address));

/** The address that a click asks for, if it is one that we take over. */
function linkOf(event: MouseEvent): string | null {
  const plain =
    event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!plain || event.defaultPrevented || !(event.target instanceof Element)) return null;
  const link = event.target.closest('a');
  if (
    !link ||
    link.origin !== location.origin ||
    link.hash !== '' ||
    link.target !== '' ||
    link.hasAttribute('download')
  ) {
    return null;
  }
  return isOurs(link.pathname) ? link.pathname + link.search : null;
}

export const router = new Router();
