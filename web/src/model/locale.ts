/**
 * How numbers and times are written: as the browser's language has it, in the digits that the rest of the page is written in.
 * Under test, American.
 */
export const locale: string = localeOf(
  typeof document === 'undefined' ? 'en-US' : navigator.language,
);

/** A language that the browser made up, or that nobody knows, is American English. */
export function localeOf(language: string): string {
  try {
    return new Intl.Locale(language, { numberingSystem: 'latn' }).toString();
  } catch {
    return 'en-US';
  }
}
