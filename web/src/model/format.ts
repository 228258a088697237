const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compactNumber = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumFractionDigits: 1,
});

/** 1,204 */
export const count = (value: number): string => whole.format(value);

/** 12.9K */
export const compact = (value: number): string => compactNumber.format(value);

/** Dollars with the digits that matter, or null where the cost is not known; 0 only where the gateway says 0. */
export function money(usd: number | null): string | null {
  if (usd === null) return null;
  if (usd === 0) return '$0';
  if (usd < 0.001) return '<$0.001';
  return `$${usd.toFixed(usd < 1 ? 3 : 2)}`;
}

/** One of many, in words: "1 run", "3 runs". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `part` of `all` in whole percent, at most 100; null where one of them is not known. */
export function percent(part: number | null, all: number | null): number | null {
  if (part === null || all === null || all <= 0) return null;
  return Math.min(100, Math.round((100 * part) / all));
}
