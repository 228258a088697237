import type { Agent, ChangeSet, FleetSnapshot, Gateway, Session } from '../api/client';

/** Rows and entries for tests: whole, with what the test is about in `over`. */
export const gateway = (over: Partial<Gateway> = {}): Gateway => ({
  name: 'studio',
  state: 'live',
  source: 'ws',
  detail: null,
  action: null,
  protocol: 4,
  serverVersion: '2026.9.6',
  connectedAt: 1_000,
  lastEventAt: 1_000,
  reconnects: 0,
  gaps: 0,
  version: 1,
  ...over,
});

export const agent = (over: Partial<Agent> = {}): Agent => ({
  gateway: 'studio',
  id: 'otto',
  name: 'Otto',
  emoji: null,
  isDefault: false,
  model: 'anthropic/claude-sonnet-4-5',
  runtime: 'auto',
  workspace: '/home/user/otto',
  status: 'idle',
  reportedStatus: 'idle',
  statusReason: null,
  statusSince: 1_000,
  activeRuns: 0,
  sessions: 2,
  lastActiveAt: 1_000,
  lastProgressAt: null,
  source: 'ws',
  version: 1,
  ...over,
});

export const session = (over: Partial<Session> = {}): Session => ({
  gateway: 'studio',
  key: 'agent:otto:main',
  agentId: 'otto',
  sessionId: 's1',
  parentKey: null,
  title: 'Draft the release notes',
  kind: 'direct',
  channel: 'telegram',
  status: 'done',
  activeRuns: 0,
  model: 'claude-sonnet-4-5',
  provider: 'anthropic',
  inputTokens: 1_204,
  outputTokens: 380,
  totalTokens: 12_900,
  contextTokens: 200_000,
  costUsd: 0.012,
  startedAt: 1_000,
  updatedAt: 15_000,
  endedAt: 15_000,
  archived: false,
  version: 1,
  ...over,
});

export const entry = (over: Partial<ChangeSet> = {}): ChangeSet => ({
  seq: 1,
  epoch: 'k3f9x2ab',
  at: 60_000,
  gateway: 'studio',
  source: 'ws',
  cause: 'agent.run',
  ...over,
});

export const snapshot = (over: Partial<FleetSnapshot> = {}): FleetSnapshot => ({
  cursor: 'k3f9x2ab-10',
  gateways: [gateway()],
  agents: [agent()],
  counts: {
    agents: { offline: 0, unknown: 0, waiting: 0, stalled: 0, working: 0, error: 0, idle: 1 },
    sessions: 2,
  },
  ...over,
});
