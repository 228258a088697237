import type { Question } from '../../api/client';

/** What is chosen and written so far, by question. */
export type Draft = Record<string, { chosen: string[]; text: string }>;

export const emptyDraft = (questions: readonly Question[]): Draft =>
  Object.fromEntries(questions.map(({ id }) => [id, { chosen: [], text: '' }]));

/** A click on an option: one of several, or one alone. */
export function choose(chosen: readonly string[], label: string, many: boolean): string[] {
  if (!many) return [label];
  return chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label];
}

/**
 * The answers as the gateway takes them: all questions at once. Null while one has none. Own words take the place of a single choice,
 * and stand beside several.
 */
export function answersOf(
  questions: readonly Question[],
  draft: Draft,
): Record<string, string[]> | null {
  const answers: Record<string, string[]> = {};
  for (const { id, many = false } of questions) {
    const { chosen, text } = draft[id] ?? { chosen: [], text: '' };
    const own = text.trim();
    const given = own === '' ? chosen : many ? [...chosen, own] : [own];
    if (given.length === 0) return null;
    answers[id] = given;
  }
  return answers;
}
