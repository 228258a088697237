import type { ChangeSet } from '../api/client';
import { Narrator } from './narrator';
import { amounts, type Names, ofOneEvent, type Sentence } from './sentence';

/** One line of the journal: an entry, or several that tell the same event. */
export interface Line {
  /** The entries, oldest first. */
  entries: readonly ChangeSet[];
  /** When the event was first told. */
  at: number;
  sentence: Sentence;
  /** Whose rows told it: an event has one half of each. */
  halves: readonly string[];
}

/** The halves of one event come within this. */
const foldMs = 2_000;
/** A gateway tells the figures of a run a little later. */
const afterwardsMs = 5_000;
/** How many lines back the other half is looked for: those of other agents may stand between. */
const lookBack = 8;

/** The journal as lines, oldest first, grown entry by entry. */
export class Story {
  readonly #narrator: Narrator;
  readonly #lines: Line[] = [];

  constructor(names: Names) {
    this.#narrator = new Narrator(names);
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  add(entry: ChangeSet): void {
    const sentence = this.#narrator.tell(entry);
    const halves = sentence.half && sentence.subject ? [sentence.subject.kind] : [];
    const line: Line = { entries: [entry], at: entry.at, sentence, halves };
    const index = this.#partnerOf(line);
    const partner = this.#lines[index];
    if (partner) this.#lines[index] = joined(partner, line);
    else this.#lines.push(line);
  }

  /** Forgets the oldest lines, but for those that `keep` wants. */
  trim(most: number, keep: (line: Line) => boolean): void {
    const spare = this.#lines.length - most;
    if (spare <= 0) return;
    const kept = this.#lines.slice(0, spare).filter(keep);
    this.#lines.splice(0, spare, ...kept);
  }

  #partnerOf(line: Line): number {
    const end = this.#lines.length - 1;
    for (let index = end; index >= 0 && index > end - lookBack; index -= 1) {
      const before = this.#lines[index];
      if (before && belongsTo(line, before)) return index;
    }
    return -1;
  }
}

/** The lines of entries, which are oldest first. */
export function linesOf(entries: readonly ChangeSet[], names: Names): readonly Line[] {
  const story = new Story(names);
  for (const entry of entries) story.add(entry);
  return story.lines;
}

/** Whether a line tells only that a gateway was read: it says nothing of a single row. */
export const isSync = ({ entries }: Line): boolean =>
  entries.every(({ cause }) => cause === 'initial-sync' || cause === 'resync' || cause === 'poll');

function belongsTo(line: Line, before: Line): boolean {
  return isNextPart(line, before) || isOtherHalf(line, before) || isAfterwards(line, before);
}

// One sync may be told in several parts.
function isNextPart(line: Line, before: Line): boolean {
  const [entry] = line.entries;
  const last = before.entries.at(-1);
  return (
    entry?.part !== undefined &&
    last?.part === entry.part - 1 &&
    last.parts === entry.parts &&
    last.gateway === entry.gateway
  );
}

// The agent's row and the session's row tell the same start, or the same end.
function isOtherHalf(line: Line, before: Line): boolean {
  const { sentence: a } = line;
  const { sentence: b } = before;
  return (
    a.agent !== null &&
    a.agent === b.agent &&
    a.half !== null &&
    a.half === b.half &&
    line.at - before.at < foldMs &&
    // An agent is not in error because of a run that ended well.
    (a.minor || b.minor || (a.mark === 'error') === (b.mark === 'error')) &&
    !line.halves.some((half) => before.halves.includes(half))
  );
}

function isAfterwards(line: Line, before: Line): boolean {
  const a = line.sentence.subject;
  const b = before.sentence.subject;
  return (
    line.sentence.minor &&
    line.sentence.half === null &&
    a?.kind === 'session' &&
    b?.kind === 'session' &&
    a.gateway === b.gateway &&
    a.key === b.key &&
    line.at - before.at < afterwardsMs
  );
}

function joined(before: Line, line: Line): Line {
  const entries = [...before.entries, ...line.entries];
  const halves = [...before.halves, ...line.halves];
  return { entries, at: before.at, sentence: told(before, line, entries), halves };
}

function told(before: Line, line: Line, entries: readonly ChangeSet[]): Sentence {
  const [a, b] = [before.sentence, line.sentence];
  if (isNextPart(line, before)) return { ...(a.minor ? b : a), detail: amounts(entries) };
  if (a.minor || b.minor) return a.minor ? b : a;
  // The run's leads to the session; the agent's says what that means.
  const [run, agent] = b.subject?.kind === 'session' ? [b, a] : [a, b];
  return ofOneEvent(agent, run);
}
