import {
  activityHref,
  approvalsHref,
  commandsHref,
  fleetHref,
  gatewaysHref,
  type PageName,
  scheduleHref,
  sessionsHref,
} from '../router/route';
import type { IconName } from './icons';

/** The places that the navigation leads to. `pages`: those that count as being there. */
export interface Place {
  label: string;
  href: string;
  icon: IconName;
  pages: readonly PageName[];
  /** Has no room at the bottom of a small window: the menu of settings leads there. */
  wide?: true;
}

export const places: readonly Place[] = [
  { label: 'Fleet', href: fleetHref(), icon: 'fleet', pages: ['fleet', 'agent'] },
  { label: 'Sessions', href: sessionsHref(), icon: 'sessions', pages: ['sessions', 'session'] },
  { label: 'Approvals', href: approvalsHref(), icon: 'approvals', pages: ['approvals'] },
  { label: 'Activity', href: activityHref(), icon: 'activity', pages: ['activity'] },
  { label: 'Schedule', href: scheduleHref(), icon: 'schedule', pages: ['schedule'] },
  { label: 'Gateways', href: gatewaysHref(), icon: 'gateways', pages: ['gateways'] },
  { label: 'Commands', href: commandsHref(), icon: 'commands', pages: ['commands'], wide: true },
];

/** What the place is called that a page belongs to. */
export const labelOf = (page: PageName): string =>
  page === 'settings'
    ? 'Settings'
    : (places.find(({ pages }) => pages.includes(page))?.label ?? 'Control Center');
