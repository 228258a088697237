import type { ChangeSet, Query } from '../api/client';
import { type Concern, touches } from '../model/concern';
import { isOfKind, type Kind, typesOf } from '../model/kind';
import { Narrator } from '../model/narrator';
import { type Names, type Sentence } from '../model/sentence';

/** Which entries a list holds: the filter for the server, and the same rule for entries of the stream. */
export interface Scope {
  query: Query;
  /** For entries of the stream, each once and in their order. */
  holds: (entry: ChangeSet) => boolean;
  /** What of a page, oldest first, the server could not leave out. Missing: nothing. */
  sift?: (entries: readonly ChangeSet[]) => ChangeSet[];
}

/** What the journal is filtered by; an empty list or text filters nothing. */
export interface Filter {
  kinds: readonly Kind[];
  gateways: readonly string[];
  agent: { gateway: string; id: string } | null;
  /** Only failures, halts, lost connections, and their ends. */
  problems: boolean;
  /** Every word of it is in what is told. */
  text: string;
}

type Test = (entry: ChangeSet) => boolean;

export function scopeOf(filter: Filter, names: Names): Scope {
  const { kinds, gateways, agent } = filter;
  const query = {
    types: typesOf(kinds).join(','),
    gateway: gateways.join(','),
    agent: agent && `${agent.gateway}/${agent.id}`,
  };
  const isAskedFor: Test = (entry) =>
    (kinds.length === 0 || kinds.some((kind) => isOfKind(entry, kind))) &&
    (gateways.length === 0 || gateways.includes(entry.gateway)) &&
    (agent === null || touches(entry, { kind: 'agent', ...agent }));
  const tests = (): Test => {
    const isTold = tellingTest(filter, names);
    return (entry) => isAskedFor(entry) && isTold(entry);
  };
  const isPlain = filter.text.trim() === '' && !filter.problems && typesOf(kinds) === kinds;
  return {
    query,
    holds: tests(),
    // Each page is told by itself: what came before it is not known yet.
    ...(isPlain ? {} : { sift: (entries) => entries.filter(tests()) }),
  };
}

// A narrator of its own each time: it remembers what it told.
function tellingTest({ problems, text }: Filter, names: Names): Test {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!problems && words.length === 0) return () => true;
  const narrator = new Narrator(names);
  return (entry) => {
    const sentence = narrator.tell(entry);
    if (problems && !sentence.problem) return false;
    if (words.length === 0) return true;
    const told = textIn(entry, sentence);
    return words.every((word) => told.includes(word));
  };
}

function textIn(entry: ChangeSet, { who, text, detail }: Sentence): string {
  const { agents, sessions } = entry;
  const parts = [
    ...[who, text, detail, entry.gateway],
    ...(agents?.upsert ?? []).flatMap(({ id, name, statusReason }) => [id, name, statusReason]),
    ...(sessions?.upsert ?? []).flatMap(({ key, title, model }) => [key, title, model]),
    ...(sessions?.remove ?? []).map(({ key }) => key),
  ];
  return parts.join('\n').toLowerCase();
}

/** All about one agent, session or gateway. */
export function scopeOfConcern(concern: Concern): Scope {
  return { query: queryOf(concern), holds: (entry) => touches(entry, concern) };
}

// The first slash divides: a gateway's name has none.
function queryOf(concern: Concern): Query {
  switch (concern.kind) {
    case 'agent':
      return { agent: `${concern.gateway}/${concern.id}` };
    case 'session':
      return { session: `${concern.gateway}/${concern.key}` };
    case 'gateway':
      return { gateway: concern.gateway, types: 'gateway.update,fleet.update' };
  }
}
