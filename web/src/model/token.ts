import { duration } from './time';

const day = 86_400_000;

/** How long a token may last; null: for ever. */
export const lifetimes: readonly { label: string; ms: number | null }[] = [
  { label: 'in a day', ms: day },
  { label: 'in 7 days', ms: 7 * day },
  { label: 'in 30 days', ms: 30 * day },
  { label: 'in 90 days', ms: 90 * day },
  { label: 'in a year', ms: 365 * day },
  { label: 'never', ms: null },
];

/** When a token ends, or since when it has ended. */
export function endInWords(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return 'never';
  const left = expiresAt - now;
  if (left <= 0) return `ended ${duration(-left)} ago`;
  // One that was made for seven days does not end in six.
  return `in ${duration(left > day ? Math.round(left / day) * day : left)}`;
}

/** What a role may do. */
export const aboutRole = {
  viewer: 'reads everything but conversations',
  operator: 'reads everything, decides approvals, says something, and stops runs',
  admin: 'does everything, tokens and backups too',
} as const;
