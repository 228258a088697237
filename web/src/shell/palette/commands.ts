import type { FleetCopy } from '../../live/fleet.svelte';
import { find } from '../../model/find';
import { href, settingsHref } from '../../router/route';
import { router } from '../../router/router.svelte';
import type { Choice } from '../../ui/finder';
import { overlay } from '../keyboard/overlay.svelte';
import { leave } from '../sign_in';
import { theme, type ThemeChoice } from '../theme.svelte';

interface Command {
  id: string;
  label: string;
  /** Other words that find it. */
  also: string;
  act: () => void;
}

/** Commands that the text finds; without a text those that are there. */
export function commands(fleet: FleetCopy, text: string): Choice[] {
  return find(all(fleet), text, text === '' ? 4 : 8, ({ label, also }) => ({
    name: label,
    also,
  })).map(({ id, label, act }) => ({ id, label, act }));
}

// Made when it is asked for: what is offered depends on how things are.
function all(fleet: FleetCopy): Command[] {
  return [
    ...themes(),
    density(),
    ...panic(fleet),
    {
      id: 'help',
      label: 'Keyboard shortcuts',
      also: 'help keys',
      act: () => {
        overlay.show('help');
      },
    },
    {
      id: 'settings',
      label: 'Settings',
      also: 'notifications tokens audit access',
      act: () => {
        router.go(settingsHref());
      },
    },
    {
      id: 'copy',
      label: 'Copy the link to this page',
      also: 'share url address',
      act: () => void navigator.clipboard.writeText(location.href),
    },
    { id: 'sign-out', label: 'Sign out', also: 'log out leave', act: () => void leave(fleet) },
  ];
}

function themes(): Command[] {
  const words: Record<ThemeChoice, string> = {
    dark: 'Dark theme',
    light: 'Light theme',
    system: 'System theme',
  };
  return (['dark', 'light', 'system'] as const)
    .filter((choice) => choice !== theme.choice)
    .map((choice) => ({
      id: `theme-${choice}`,
      label: words[choice],
      also: 'colours appearance mode',
      act: () => {
        theme.choose(choice);
      },
    }));
}

// Where some gateway lets us.
function panic(fleet: FleetCopy): Command[] {
  if (!fleet.gatewayRows.some(({ can }) => can.includes('stop'))) return [];
  return [
    {
      id: 'stop',
      label: 'Stop everything in the fleet…',
      also: 'panic abort kill halt runs',
      act: () => {
        overlay.show('stop');
      },
    },
  ];
}

// A property of the fleet's table, and so of its address.
function density(): Command {
  const here = router.route.page === 'fleet';
  const compact = here && router.get('density') === 'compact';
  const wanted = compact ? null : 'compact';
  return {
    id: 'density',
    label: compact ? 'Comfortable rows' : 'Compact rows',
    also: 'density fleet table',
    act: () => {
      router.go(here ? router.hrefWith({ density: wanted }) : href('/', { density: wanted }));
    },
  };
}
