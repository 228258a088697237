import { activityHref, fleetHref, gatewaysHref, sessionsHref } from '../../router/route';
import { isMac } from './platform';

/** What a shortcut does. */
export type Action =
  | { do: 'go'; href: string }
  | { do: 'palette' | 'help' | 'search' | 'back' | 'pause' | 'refresh' }
  | { do: 'move'; step: 1 | -1 };

export interface Shortcut {
  /** Pressed one after the other; `Mod` is Ctrl, or Command on a Mac. */
  keys: readonly string[];
  does: string;
  action: Action | null;
}

export interface ShortcutGroup {
  heading: string;
  shortcuts: readonly Shortcut[];
}

/** All shortcuts: what the keyboard listens to and what the help shows. Those without an action are the browser's or a list's. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    heading: 'Anywhere',
    shortcuts: [
      { keys: ['Mod+k'], does: 'Find agents, sessions, commands', action: { do: 'palette' } },
      { keys: ['/'], does: 'Search on this page', action: { do: 'search' } },
      { keys: ['Escape'], does: 'Leave the field or row, then go back', action: { do: 'back' } },
      { keys: ['?'], does: 'These shortcuts', action: { do: 'help' } },
    ],
  },
  {
    heading: 'Go to',
    shortcuts: [
      { keys: ['g', 'f'], does: 'Fleet', action: { do: 'go', href: fleetHref() } },
      { keys: ['g', 's'], does: 'Sessions', action: { do: 'go', href: sessionsHref() } },
      { keys: ['g', 'a'], does: 'Activity', action: { do: 'go', href: activityHref() } },
      { keys: ['g', 'g'], does: 'Gateways', action: { do: 'go', href: gatewaysHref() } },
    ],
  },
  {
    heading: 'In lists',
    shortcuts: [
      { keys: ['j'], does: 'Next row', action: { do: 'move', step: 1 } },
      { keys: ['k'], does: 'Previous row', action: { do: 'move', step: -1 } },
      { keys: ['Home'], does: 'First row', action: null },
      { keys: ['End'], does: 'Last row', action: null },
      { keys: ['Enter'], does: 'Open', action: null },
      { keys: ['p'], does: 'Pause or resume (Activity, Fleet)', action: { do: 'pause' } },
      { keys: ['r'], does: 'Refresh the list (Sessions)', action: { do: 'refresh' } },
    ],
  },
];

export const shortcuts: readonly Shortcut[] = shortcutGroups.flatMap((group) => group.shortcuts);

const words: Record<string, string> = { Escape: 'Esc', Mod: isMac ? '⌘' : 'Ctrl' };

/** As it stands on the keys. */
export function keyCaps({ keys }: Shortcut): string[] {
  return keys
    .flatMap((key) => (key.length > 1 ? key.split('+') : [key]))
    .map((key) => words[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** The caps of the shortcut that goes to a page. */
export function capsOf(href: string): string[] | undefined {
  const shortcut = shortcuts.find(({ action }) => action?.do === 'go' && action.href === href);
  return shortcut && keyCaps(shortcut);
}
