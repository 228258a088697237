import { addressOf } from '../api/base';
import type { Subject } from '../model/sentence';

/** The pages. A sign-in has no path: it stands where the page stood. */
export type PageName =
  | 'fleet'
  | 'agent'
  | 'sessions'
  | 'session'
  | 'approvals'
  | 'activity'
  | 'schedule'
  | 'gateways'
  | 'commands'
  | 'settings'
  | 'missing';

/** A place in the dashboard: all of a page's state is in it. */
export interface Route {
  page: PageName;
  /** The decoded parts of the path behind the page's name. */
  parts: readonly string[];
  query: URLSearchParams;
}

const roots: Record<string, { list: PageName; row: PageName | null }> = {
  agents: { list: 'fleet', row: 'agent' },
  sessions: { list: 'sessions', row: 'session' },
  approvals: { list: 'approvals', row: null },
  schedule: { list: 'schedule', row: null },
  commands: { list: 'commands', row: null },
  activity: { list: 'activity', row: null },
  gateways: { list: 'gateways', row: null },
  settings: { list: 'settings', row: null },
};

/** What an address means. Parts are decoded after the path is split: identities may hold slashes. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const [root = '', ...rest] = path.split('/').filter((part) => part !== '');
  const parts = rest.map(decode);
  if (root === '') return { page: 'fleet', parts, query };
  const known = Object.hasOwn(roots, root) ? roots[root] : undefined;
  const page = known && (parts.length === 0 ? known.list : parts.length === 2 ? known.row : null);
  return page ? { page, parts, query } : { page: 'missing', parts: [], query };
}

export const agentHref = (gateway: string, id: string) => rowHref('agents', gateway, id);
export const sessionHref = (gateway: string, key: string) => rowHref('sessions', gateway, key);

export const gatewaysHref = () => href('/gateways');
export const settingsHref = () => href('/settings');

/** Where on the gateways' page one gateway stands. */
export const gatewayHref = (name: string) => href('/gateways', { name });

/** The agents, the most severe first. */
export const fleetHref = (filter: Record<string, string> = {}) => href('/', filter);

/** The list of sessions, filtered. */
export const sessionsHref = (filter: Record<string, string> = {}) => href('/sessions', filter);

/** What waits for a decision; with a row, that one has the focus. */
export const approvalsHref = (row?: { gateway: string; id: string }) =>
  href('/approvals', row ? { show: `${row.gateway}/${row.id}` } : {});

export const scheduleHref = (filter: Record<string, string> = {}) => href('/schedule', filter);

/** What was told to gateways. */
export const commandsHref = (filter: Record<string, string> = {}) => href('/commands', filter);

/** The journal, filtered by what is `GATEWAY/ID` for agents. */
export const activityHref = (filter: Record<string, string> = {}) => href('/activity', filter);

/** Where the journal shows one entry among its neighbours. */
export const entryHref = (cursor: string) => href('/activity', { cursor });

/** The address of a path, with those parameters that have a value. */
export function href(path: string, query: Record<string, string | null> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parameters.set(name, value);
  const text = parameters.toString();
  return addressOf(text === '' ? path : `${path}?${text}`);
}

/** The values of a parameter that lists them with commas; a backslash keeps a comma in a value. */
export function splitList(text: string): string[] {
  const values = text.match(/(?:\\.|[^,\\])+/g) ?? [];
  return values.map((value) => value.replace(/\\(.)/g, '$1'));
}

export const joinList = (values: readonly string[]): string =>
  values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',');

function rowHref(root: string, gateway: string, id: string): string {
  return href(`/${root}/${encodeURIComponent(gateway)}/${encodeURIComponent(id)}`);
}

// An address that somebody broke by hand is shown as it is rather than not at all.
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The page that an entry of the journal is about. */
export function hrefOfSubject(subject: Subject): string {
  if (subject.kind === 'agent') return agentHref(subject.gateway, subject.id);
  if (subject.kind === 'session') return sessionHref(subject.gateway, subject.key);
  return gatewayHref(subject.gateway);
}
