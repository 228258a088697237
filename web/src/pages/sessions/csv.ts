import type { Session } from '../../api/client';
import { csvTime } from '../../model/csv';

/** The columns of the list of sessions as a file, and a session in them. */
export const sessionHead = [
  ...['gateway', 'key', 'agent', 'title', 'status', 'why', 'failed at'],
  ...['started', 'updated', 'ended', 'channel', 'model'],
  ...['tokens in', 'tokens out', 'context', 'cost in USD'],
];

export const sessionRow = (row: Session) => [
  ...[row.gateway, row.key, row.agentId, row.title, row.status, row.lastError],
  csvTime(row.lastErrorAt),
  ...[row.startedAt, row.updatedAt, row.endedAt].map(csvTime),
  ...[row.channel, row.model],
  ...[row.inputTokens, row.outputTokens, row.totalTokens, row.costUsd],
];
