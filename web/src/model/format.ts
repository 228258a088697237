import { locale } from './locale';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const compactNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const dollars = (digits: number) =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const cents = dollars(2);
const mills = dollars(3);

/** 1,204 */
export const count = (value: number): string => whole.format(value);

/** 12.9K */
export function compact(value: number): string {
  const [size, unit] = units.find(([least]) => value >= least * 0.99995) ?? [1, ''];
  return compactNumber.format(value / size) + unit;
}

// The words of other languages for these ("Mio.", "हजार") have no place in an English page; their digits' marks do.
const units: readonly (readonly [number, string])[] = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/** Dollars with the digits that matter, or null where the cost is not known; 0 only where the gateway says 0. */
export function money(usd: number | null): string | null {
  if (usd === null) return null;
  if (usd === 0) return `$${cents.format(0)}`;
  if (usd < 0.001) return `<$${mills.format(0.001)}`;
  return `$${(usd < 1 ? mills : cents).format(usd)}`;
}

/** What a run used: "7.3K → 778 tokens · $0.012"; null where nothing of it is known. */
export function usage(run: {
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}): string | null {
  const { inputTokens, outputTokens, costUsd } = run;
  const known = inputTokens !== null || outputTokens !== null;
  const tokens = known ? `${side(inputTokens)} → ${side(outputTokens)} tokens` : null;
  return [tokens, money(costUsd)].filter((part) => part !== null).join(' · ') || null;
}

const side = (tokens: number | null) => (tokens === null ? '?' : compact(tokens));

/** One of many, in words: "1 run", "3 runs". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `part` of `all` in whole percent, at most 100; null where one of them is not known. */
export function percent(part: number | null, all: number | null): number | null {
  if (part === null || all === null || all <= 0) return null;
  return Math.min(100, Math.round((100 * part) / all));
}
