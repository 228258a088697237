import type { Component } from 'svelte';
import type { PageName } from '../router/route';
import Fleet from './fleet/FleetPage.svelte';

/** A page takes nothing: what it shows is in its address. */
export type Page = Component;

/** Fleet is where everybody begins; the others are fetched when somebody goes there. */
const later: Record<Exclude<PageName, 'fleet'>, () => Promise<{ default: Page }>> = {
  agent: () => import('./agent/AgentPage.svelte'),
  sessions: () => import('./sessions/SessionsPage.svelte'),
  session: () => import('./session/SessionPage.svelte'),
  approvals: () => import('./approvals/ApprovalsPage.svelte'),
  schedule: () => import('./schedule/SchedulePage.svelte'),
  commands: () => import('./commands/CommandsPage.svelte'),
  activity: () => import('./activity/ActivityPage.svelte'),
  gateways: () => import('./gateways/GatewaysPage.svelte'),
  settings: () => import('./settings/SettingsPage.svelte'),
  missing: () => import('./missing/MissingPage.svelte'),
};

const here = new Map<PageName, Page>([['fleet', Fleet]]);

/** The page if it is here already, so that going back does not flicker. */
export const pageNow = (name: PageName): Page | undefined => here.get(name);

/** Fetches what is not here yet, without telling whether it worked. */
export function fetchAllPages(): void {
  for (const name of Object.keys(later) as Exclude<PageName, 'fleet'>[]) {
    if (!here.has(name)) fetchPage(name).catch(() => undefined);
  }
}

/** Fetches a page's code. Rejects where the server is away, or has another release by now. */
export async function fetchPage(name: Exclude<PageName, 'fleet'>): Promise<Page> {
  const { default: page } = await later[name]();
  here.set(name, page);
  return page;
}
