import {
  activityHref,
  approvalsHref,
  commandsHref,
  fleetHref,
  gatewaysHref,
  scheduleHref,
  sessionsHref,
} from '../../router/route';
import { isMac } from './platform';

/** What a shortcut does. */
export type Action =
  | { do: 'go'; href: string }
  | { do: 'palette' | 'help' | 'search' | 'back' | 'pause' | 'refresh' | 'choose' }
  | { do: 'move'; step: 1 | -1 }
  | { do: 'decide'; what: 'allow' | 'deny' | 'undo' };

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
      { keys: ['g', 'w'], does: 'Approvals', action: { do: 'go', href: approvalsHref() } },
      { keys: ['g', 'a'], does: 'Activity', action: { do: 'go', href: activityHref() } },
      { keys: ['g', 'c'], does: 'Schedule', action: { do: 'go', href: scheduleHref() } },
      { keys: ['g', 'g'], does: 'Gateways', action: { do: 'go', href: gatewaysHref() } },
      { keys: ['g', 'm'], does: 'Commands', action: { do: 'go', href: commandsHref() } },
    ],
  },
  {
    heading: 'The approval with the focus',
    shortcuts: [
      { keys: ['a'], does: 'Allow once', action: { do: 'decide', what: 'allow' } },
      { keys: ['d'], does: 'Deny', action: { do: 'decide', what: 'deny' } },
      { keys: ['u'], does: 'Undo, within two seconds', action: { do: 'decide', what: 'undo' } },
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
      { keys: ['x'], does: 'Choose the row (Sessions)', action: { do: 'choose' } },
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
