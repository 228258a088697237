import type { Agent } from '../api/client';
import type { Item } from './item';
import { type Term, termsOf } from './search';
import { exceptions, severity, type Status, statuses } from './status';

/** What is asked of the list of agents; all of it is in the address. */
export interface AgentQuery {
  statuses: readonly string[];
  gateways: readonly string[];
  text: string;
  /** `field` or `-field`; empty: the most severe first. */
  sort: string;
  group: 'none' | 'gateway' | 'status';
  /** Keys of agents that stand on top of a list without groups. */
  pinned?: ReadonlySet<string>;
}

/** An agent and how it is shown. */
export interface ShownAgent {
  key: string;
  agent: Agent;
  status: Status;
}

/** Fields that `name:value` in the search box asks for. */
const searchable: Record<string, (shown: ShownAgent) => string | null> = {
  status: ({ status }) => status,
  gateway: ({ agent }) => agent.gateway,
  model: ({ agent }) => agent.model,
  runtime: ({ agent }) => agent.runtime,
  workspace: ({ agent }) => agent.workspace,
  id: ({ agent }) => agent.id,
  name: ({ agent }) => agent.name,
};

type Test = (shown: ShownAgent) => boolean;

/** The search box as a test: every word must be found. */
export function parseSearch(text: string): Test {
  const tests = termsOf(text, (name) => Object.hasOwn(searchable, name)).map(testOf);
  return (shown) => tests.every((test) => test(shown));
}

function testOf({ field, values }: Term): Test {
  const read = field === null ? null : searchable[field];
  const own = (shown: ShownAgent) =>
    read ? (read(shown) ?? '').toLowerCase() : anywhere(shown.agent);
  return (shown) => values.some((value) => own(shown).includes(value));
}

const anywhere = ({ name, id, gateway, model }: Agent) =>
  `${name}\n${id}\n${gateway}\n${model ?? ''}`.toLowerCase();

/** Whether an agent matches the query. */
export function matcher(query: AgentQuery): Test {
  const wanted = new Set(query.statuses);
  const gateways = new Set(query.gateways);
  const found = parseSearch(query.text);
  return (shown) =>
    (wanted.size === 0 || wanted.has(shown.status)) &&
    (gateways.size === 0 || gateways.has(shown.agent.gateway)) &&
    found(shown);
}

/** How many agents are shown with each status, of those that match the query but for its statuses. */
export function countByStatus(
  agents: ReadonlyMap<string, Agent>,
  statusOf: (agent: Agent) => Status,
  query: AgentQuery,
): Record<Status, number> {
  const matches = matcher({ ...query, statuses: [] });
  const counts = Object.fromEntries(statuses.map((one) => [one, 0])) as Record<Status, number>;
  for (const [key, agent] of agents) {
    const status = statusOf(agent);
    if (matches({ key, agent, status })) counts[status] += 1;
  }
  return counts;
}

type Comparison = (a: ShownAgent, b: ShownAgent) => number;

const byName: Comparison = (a, b) =>
  compareText(a.agent.name, b.agent.name) || compareText(a.key, b.key);

/** The most severe first, then the newest. Agents without trouble by name, so that they do not move when they start or stop working. */
export const bySeverity: Comparison = (a, b) => {
  const rank = severity(a.status) - severity(b.status);
  if (rank !== 0) return rank;
  const newest =
    exceptions.includes(a.status) && a.status !== 'unknown'
      ? b.agent.statusSince - a.agent.statusSince
      : 0;
  return newest || byName(a, b);
};

const fields: Record<string, (agent: Agent) => string | number | null> = {
  name: (agent) => agent.name,
  gateway: (agent) => agent.gateway,
  model: (agent) => agent.model,
  activeRuns: (agent) => agent.activeRuns,
  sessions: (agent) => agent.sessions,
  statusSince: (agent) => agent.statusSince,
  lastActiveAt: (agent) => agent.lastActiveAt,
};

/** The order for `sort`; an unknown one means none. Nulls are last in both directions, as in the API. */
export function comparison(sort: string): Comparison {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  if (name === 'status') return descending ? (a, b) => -bySeverity(a, b) : bySeverity;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) return bySeverity;
  return (a, b) => compareValues(field(a.agent), field(b.agent), descending) || byName(a, b);
}

function compareValues(
  a: string | number | null,
  b: string | number | null,
  descending: boolean,
): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
  return descending ? -order : order;
}

// By code unit: thousands of names are compared twice a second, and a collator is thirty times slower.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The list for the table: filtered, ordered, and under headings if it is grouped. `before` is the previous order: what is nearly
 * in order is sorted in one pass, which matters for thousands of rows twice a second.
 */
export function arrange(
  agents: ReadonlyMap<string, Agent>,
  statusOf: (agent: Agent) => Status,
  query: AgentQuery,
  before: readonly Item[] = [],
): Item[] {
  const matches = matcher(query);
  const rows: ShownAgent[] = [];
  for (const [key, agent] of inOrderOf(before, agents)) {
    const shown = { key, agent, status: statusOf(agent) };
    if (matches(shown)) rows.push(shown);
  }
  rows.sort(comparison(query.sort));
  if (query.group !== 'none') return grouped(rows, query.group);
  const { pinned } = query;
  return pinned && pinned.size > 0 ? pinnedFirst(rows, pinned) : rows.map(asItem);
}

function pinnedFirst(rows: readonly ShownAgent[], pinned: ReadonlySet<string>): Item[] {
  const own = rows.filter(({ key }) => pinned.has(key));
  const others = rows.filter(({ key }) => !pinned.has(key));
  if (own.length === 0) return others.map(asItem);
  return [...underHeading('pinned', own), ...underHeading('others', others)];
}

function underHeading(label: string, members: readonly ShownAgent[]): Item[] {
  if (members.length === 0) return [];
  const heading: Item = { kind: 'group', key: `group ${label}`, label, count: members.length };
  return [heading, ...members.map(asItem)];
}

// First those that were in the list, in their old order; then the others.
function* inOrderOf(
  before: readonly Item[],
  agents: ReadonlyMap<string, Agent>,
): Generator<readonly [string, Agent]> {
  const taken = new Set<string>();
  for (const { key } of before) {
    const agent = agents.get(key);
    if (!agent) continue;
    taken.add(key);
    yield [key, agent];
  }
  if (taken.size === agents.size) return;
  for (const row of agents) if (!taken.has(row[0])) yield row;
}

function grouped(rows: readonly ShownAgent[], by: 'gateway' | 'status'): Item[] {
  const groups = Map.groupBy(rows, (shown) =>
    by === 'status' ? shown.status : shown.agent.gateway,
  );
  const labels = [...groups.keys()].sort(by === 'status' ? byStatusWord : compareText);
  return labels.flatMap((label) => underHeading(label, groups.get(label) ?? []));
}

const asItem = ({ key }: ShownAgent): Item => ({ kind: 'row', key });
const byStatusWord = (a: string, b: string) =>
  statuses.indexOf(a as Status) - statuses.indexOf(b as Status);
