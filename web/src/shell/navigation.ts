import {
  activityHref,
  fleetHref,
  gatewaysHref,
  type PageName,
  sessionsHref,
} from '../router/route';
import type { IconName } from './icons';

/** The places that the navigation leads to. `pages`: those that count as being there. */
export interface Place {
  label: string;
  href: string;
  icon: IconName;
  pages: readonly PageName[];
}

export const places: readonly Place[] = [
  { label: 'Fleet', href: fleetHref(), icon: 'fleet', pages: ['fleet', 'agent'] },
  { label: 'Sessions', href: sessionsHref(), icon: 'sessions', pages: ['sessions', 'session'] },
  { label: 'Activity', href: activityHref(), icon: 'activity', pages: ['activity'] },
  { label: 'Gateways', href: gatewaysHref(), icon: 'gateways', pages: ['gateways'] },
];

/** What the place is called that a page belongs to. */
export const labelOf = (page: PageName): string =>
  page === 'settings'
    ? 'Settings'
    : (places.find(({ pages }) => pages.includes(page))?.label ?? 'Control Center');
