const spans: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The moment that somebody typed, in the browser's zone: "2026-11-29 14:05", "14:05" (the last time it was that late), or
 * "-15m", "-2 h". Seconds may follow. Null where it is none of these.
 */
export function typedMoment(text: string, now: number): number | null {
  return ago(text, now) ?? timeOfDay(text, now) ?? dateAndTime(text);
}

function ago(text: string, now: number): number | null {
  const [, amount, unit = ''] = /^\s*[-−–]\s*(\d{1,4})\s*([smhd])[a-z]*\s*$/i.exec(text) ?? [];
  const span = spans[unit.toLowerCase()];
  return amount === undefined || span === undefined ? null : now - Number(amount) * span;
}

function timeOfDay(text: string, now: number): number | null {
  const parts = /^\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*$/.exec(text);
  if (!parts) return null;
  const [hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const at = new Date(now);
  at.setHours(hour, minute, second, 0);
  if (at.getTime() > now) at.setDate(at.getDate() - 1);
  return at.getTime();
}

function dateAndTime(text: string): number | null {
  const parts = /^\s*(\d{4}-\d{2}-\d{2})(?:[ T]+(\d{2}:\d{2}(?::\d{2})?))?\s*$/.exec(text);
  if (!parts) return null;
  const at = new Date(`${parts[1] ?? ''}T${parts[2] ?? '00:00'}`).getTime();
  return Number.isNaN(at) ? null : at;
}
