/** A word of a search box: `field:a,b` looks for either in one field, anything else anywhere. */
export interface Term {
  field: string | null;
  values: readonly string[];
}

/**
 * The words of a search box, in small letters. Quotation marks keep blanks together: `name:"night shift"`. A field without a
 * value, as while it is being typed, asks for nothing. `isField` says which names are fields.
 */
export function termsOf(text: string, isField: (name: string) => boolean): Term[] {
  const words = text.toLowerCase().match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return words.map((word) => termOf(word, isField)).filter(({ values }) => values.length > 0);
}

function termOf(word: string, isField: (name: string) => boolean): Term {
  const colon = word.indexOf(':');
  const name = word.slice(0, colon);
  if (colon > 0 && isField(name)) return { field: name, values: listOf(word.slice(colon + 1)) };
  const value = unquoted(word);
  return { field: null, values: value === '' ? [] : [value] };
}

// A comma in quotation marks is part of the value.
const listOf = (text: string): string[] =>
  (text.match(/(?:"[^"]*"?|[^,"])+/g) ?? []).map(unquoted).filter(Boolean);

const unquoted = (text: string): string => text.replaceAll('"', '');
