import { addressOf } from './base';
import type * as schema from './schema';

export type Agent = schema.Agent;
export type AuditEntry = schema.AuditEntry;
export type Cursor = schema.Cursor;
export type Gateway = schema.Gateway;
export type Presence = schema.Presence;
export type Problem = schema.Problem;
export type Session = schema.Session;
export type Role = schema.Role;
export type Token = schema.Token;

/** What an agent asks with one of its questions. `free`: own words may be the answer; `many`: several options. */
export interface Question {
  id: string;
  header: string | null;
  text: string;
  options: { label: string; description?: string | null }[];
  free: boolean;
  many?: boolean;
}

/** What an agent asks of a person. */
export type Approval = Omit<schema.Approval, 'questions'> & { questions: Question[] | null };

/** What somebody told a gateway, and what became of it. */
export type Command = Omit<schema.Command, 'target' | 'params' | 'result' | 'author'> & {
  target: Target;
  params: Record<string, unknown>;
  result: Record<string, unknown> | null;
  author: { name: string; role: string; via: string };
};

/** What a command acts on: one member that names it, or none. */
export type Target = Partial<
  Record<'approvalId' | 'sessionKey' | 'agentId' | 'jobId' | 'deviceId' | 'requestId', string>
>;

/** A job of a gateway's schedule. */
export type CronJob = Omit<schema.CronJob, 'schedule'> & { schedule: Record<string, unknown> };

interface Group<Row> {
  upsert?: Row[];
  remove?: { gateway: string; id: string }[];
}

/** One entry of the journal. */
export type ChangeSet = Omit<schema.ChangeSet, 'approvals' | 'commands' | 'cron'> & {
  approvals?: Group<Approval>;
  commands?: Group<Command>;
  cron?: Group<CronJob>;
};

/** An error for people: the server's problem, or `status` 0 if the server could not be reached. */
export interface Failure {
  status: number;
  title: string;
  detail: string;
  /** The server's whole problem, if it sent one. */
  problem: (Problem & Record<string, unknown>) | null;
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** One page of a list. `next` is null at its end; `facets` are counts by value where they were asked for. */
export interface Page<Row> {
  items: Row[];
  total: number;
  next: string | null;
  cursor: Cursor;
  facets?: Record<string, Record<string, number>>;
}

/** The state of everything but the sessions' rows, consistent at `cursor`. */
export type FleetSnapshot =
  schema.paths['/api/v1/fleet']['get']['responses'][200]['content']['application/json'];

/**
 * A page of the journal, oldest first. `cursor` is where to go on, `before` where to go back from; null at the oldest
 * entry that is kept. A page may hold fewer entries than asked for: only `cursor` and `before` tell whether there are more.
 */
export interface JournalPage {
  events: ChangeSet[];
  cursor: Cursor;
  before?: Cursor | null;
}

/** Journal entries per minute that hold an agent or a session of it, oldest first. Agents without any are left out. */
export interface Activity {
  bucketMs: number;
  from: number;
  cursor: Cursor;
  items: {
    gateway: string;
    id: string;
    counts: number[];
    /** Runs that ended well, and runs that failed or timed out. */
    done: number[];
    failed: number[];
  }[];
}

/** What the server says about itself. */
export interface ServerStatus {
  version: string;
  database: string;
  readers: number;
  journal: {
    entries: number;
    oldestAt: number | null;
    newestAt: number | null;
    retentionMs: number;
    /** How far new entries are dated ahead of the server's clock, which was wrong or was set back; 0: they are not. */
    aheadMs: number;
  };
  startedAt: number;
}

export type Query = Record<string, string | number | readonly string[] | null | undefined>;

/**
 * Fields without a value are left out. A list is read by the API as "either"; identities, which may hold commas, are given
 * as a list of one.
 */
export function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object' && value.length === 0) continue;
    parameters.set(name, typeof value === 'object' ? value.map(escape).join(',') : String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

const escape = (value: string) => value.replaceAll(',', '\\,');

/** The path of one row. Its parts may hold anything, slashes too. */
export function rowPath(
  list: 'agents' | 'sessions' | 'approvals' | 'cron',
  gateway: string,
  id: string,
): string {
  return `/api/v1/${list}/${encodeURIComponent(gateway)}/${encodeURIComponent(id)}`;
}

/**
 * Fetches JSON. Throws only if `signal` aborts it.
 */
export async function get<T>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Result<T>> {
  return send<T>(path + queryString(query), signal ? { signal } : {});
}

export const fetchFleet = (signal?: AbortSignal) => get<FleetSnapshot>('/api/v1/fleet', {}, signal);
export const fetchStatus = () => get<ServerStatus>('/api/v1/status');
export const fetchEvents = (query: Query, signal?: AbortSignal) =>
  get<JournalPage>('/api/v1/events', query, signal);
export const fetchActivity = (query: Query, signal?: AbortSignal) =>
  get<Activity>('/api/v1/activity', query, signal);
export const fetchSessions = (query: Query, signal?: AbortSignal) =>
  get<Page<Session>>('/api/v1/sessions', query, signal);
export const fetchPresence = (query: Query, signal?: AbortSignal) =>
  get<Page<Presence>>('/api/v1/presence', query, signal);
export const fetchAgent = (gateway: string, id: string, signal?: AbortSignal) =>
  get<Agent>(rowPath('agents', gateway, id), {}, signal);
export const fetchSession = (gateway: string, key: string, signal?: AbortSignal) =>
  get<Session>(rowPath('sessions', gateway, key), {}, signal);

export const fetchApprovals = (query: Query) => get<Page<Approval>>('/api/v1/approvals', query);
export const fetchApproval = (gateway: string, id: string) =>
  get<Approval>(rowPath('approvals', gateway, id));
export const fetchCommands = (query: Query, signal?: AbortSignal) =>
  get<Page<Command>>('/api/v1/commands', query, signal);
export const fetchJobs = (query: Query) => get<Page<CronJob>>('/api/v1/cron', query);

/** A part of a message. What an image or a file holds is never told. */
export type Part =
  | { type: 'text' | 'thinking'; text: string }
  | { type: 'toolCall'; id: string; name: string; arguments: unknown; cut?: boolean }
  | { type: 'toolResult'; id: string; name: string; failed: boolean; text: string }
  | { type: 'image' | 'file'; mimeType: string; name: string | null; bytes: number | null }
  | { type: 'other'; name: string };

export interface Message {
  id: string;
  role: string;
  at: number | null;
  parts: Part[];
  model: string | null;
  usage: { input: number | null; output: number | null; total: number | null } | null;
  costUsd: number | null;
  error: string | null;
}

/** A page of a conversation, oldest first. `before`: where older ones are; null: there are none. */
export interface MessagePage {
  items: Message[];
  before: string | null;
}

/** What the gateway is asked for when somebody looks; nobody stores it. */
export const fetchMessages = (
  gateway: string,
  key: string,
  query: { before?: string; limit?: number },
  signal?: AbortSignal,
) => get<MessagePage>(`${rowPath('sessions', gateway, key)}/messages`, query, signal);

export interface JobRun {
  at: number | null;
  status: string | null;
  error: string | null;
  summary: string | null;
  durationMs: number | null;
  sessionKey: string | null;
}
export const fetchJobRuns = (gateway: string, id: string) =>
  get<{ items: JobRun[] }>(`${rowPath('cron', gateway, id)}/runs`);

export interface Device {
  state: 'pending' | 'paired';
  requestId: string | null;
  deviceId: string | null;
  name: string | null;
  platform: string | null;
  mode: string | null;
  role: string | null;
  scopes: string[];
  address: string | null;
  at: number | null;
}
export const fetchDevices = (gateway: string) =>
  get<{ items: Device[] }>('/api/v1/devices', { gateway });

export interface Model {
  id: string;
  name: string | null;
  provider: string | null;
  available: boolean | null;
}
export const fetchModels = (gateway: string) =>
  get<{ items: Model[] }>('/api/v1/models', { gateway });

/** What a gateway is to be told. `expect`: the version of the target's row that the author saw. */
export interface Order {
  gateway: string;
  kind: string;
  target: Target;
  params: Record<string, unknown>;
  expect?: { version: number };
}

/** The same `key` with the same order is the same command, however often it is asked. */
export const giveCommand = (order: Order, key: string) =>
  send<Command>('/api/v1/commands', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(order),
  });

/** Takes a command back that was not sent yet. The row says whether it came in time. */
export const withdrawCommand = (id: string) =>
  send<Command>(`/api/v1/commands/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** Who is signed in. */
export interface Who {
  name: string;
  role: Role;
}

/** A 401 may name the file that holds the admin token (`tokenFile`). */
export const whoAmI = () => get<Who>('/api/v1/session');

export const signIn = (token: string) => post<null>('/api/v1/session', { token });

export const signOut = () => send<null>('/api/v1/session', { method: 'DELETE' });

/** Tries to connect to the gateway now. */
export const retryGateway = (name: string) =>
  send<Gateway>(`/api/v1/gateways/${encodeURIComponent(name)}/retry`, { method: 'POST' });

export const fetchTokens = () => get<{ items: Token[] }>('/api/v1/tokens');

/** The answer alone holds the secret (`token`). `expiresIn`: milliseconds from now; null: it never ends. */
export const createToken = (wanted: { name: string; role: Role; expiresIn: number | null }) =>
  post<Token & { token: string }>('/api/v1/tokens', wanted);

export const revokeToken = (id: string) =>
  send<null>(`/api/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** The newest first. `before`: what `next` of an earlier page gave; null: the newest of all. */
export const fetchAudit = (before: number | null, limit: number) =>
  get<{ items: AuditEntry[]; next: number | null }>('/api/v1/audit', { before, limit });

/** A server that stands still must not keep a page waiting for ever. */
const patienceMs = 20_000;

const post = <T>(path: string, body: object) =>
  send<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

async function send<T>(path: string, init: RequestInit): Promise<Result<T>> {
  try {
    const patience = AbortSignal.timeout(patienceMs);
    const signal = init.signal ? AbortSignal.any([init.signal, patience]) : patience;
    const response = await fetch(addressOf(path), { ...init, signal, credentials: 'same-origin' });
    if (!response.ok) return { ok: false, failure: await readProblem(response) };
    const value: unknown = response.status === 204 ? null : await response.json();
    return { ok: true, value: value as T };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return { ok: false, failure: unreachable };
  }
}

async function readProblem(response: Response): Promise<Failure> {
  const fallback = {
    status: response.status,
    title: `HTTP ${String(response.status)}`,
    detail: '',
    problem: null,
  };
  try {
    const problem = (await response.json()) as Problem & Record<string, unknown>;
    return { status: response.status, title: problem.title, detail: problem.detail, problem };
  } catch {
    return fallback;
  }
}

// What the browser says of it ("Failed to fetch") helps nobody.
const unreachable: Failure = {
  status: 0,
  title: 'Control Center does not answer',
  detail: 'Control Center does not answer. It may be down, or the network between may be.',
  problem: null,
};
