// What the other files share about a description (`control-center describe`).

/** What an option takes: `{"name": "ROLE", "words": ["viewer", "admin"]}`; null: nothing. */
export function valueOf({ value }) {
  if (!value) return null;
  const [name, list] = value.split(':');
  return { name, words: /^\{(.*)\}$/.exec(list ?? '')?.[1].split(',') ?? [] };
}

/** `off`, `on` and the like, where the form of a setting lists them: "text or json", "debug, info, warn or error". */
export function wordsOf({ form }) {
  const words = form.split(/, | or /);
  return words.every((word) => /^[a-z]+$/.test(word)) ? words : [];
}

/** Whether a setting names a file or a folder. */
export const isPath = ({ form }) => form.startsWith('the path of ');

export const isPositional = ({ name }) => !name.startsWith('-');
