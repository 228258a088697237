import type { Message, Part } from '../api/client';

type Call = Extract<Part, { type: 'toolCall' }>;
type ToolResult = Extract<Part, { type: 'toolResult' }>;

/** A piece of what was said: text, or a tool with what it was given and what came back, where both are known. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | { kind: 'tool'; name: string; call: Call | null; result: ToolResult | null }
  | { kind: 'file'; text: string }
  | { kind: 'other'; name: string }
  | { kind: 'error'; text: string };

/** What one side said without the other in between. */
export interface Turn {
  key: string;
  /** `user`, `assistant`, or what else the gateway names. */
  who: string;
  at: number | null;
  pieces: Piece[];
  /** Of the last message that has it. */
  model: string | null;
  costUsd: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Messages, oldest first, as turns. What a tool gave back stands with its call. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const who = sideOf(message.role);
    const last = turns.at(-1);
    const turn = last?.who === who && who !== 'user' ? last : begun(message, who, turns.length);
    if (turn !== last) turns.push(turn);
    add(turn, message);
  }
  return turns;
}

// Results of tools belong to the side that asked for them.
const sideOf = (role: string): string =>
  role === 'toolResult' || role === 'custom' || role === 'tool' ? 'assistant' : role;

const begun = ({ id, at }: Message, who: string, place: number): Turn => ({
  key: id === '' ? `${who} ${String(place)}` : id,
  who,
  at,
  pieces: [],
  model: null,
  costUsd: null,
  inputTokens: null,
  outputTokens: null,
});

function add(turn: Turn, message: Message): void {
  for (const part of message.parts) {
    if (part.type === 'toolResult' && answered(turn, part)) continue;
    const piece = pieceOf(part);
    if (piece) turn.pieces.push(piece);
  }
  if (message.error !== null) turn.pieces.push({ kind: 'error', text: message.error });
  turn.model = message.model ?? turn.model;
  turn.costUsd = sum(turn.costUsd, message.costUsd);
  turn.inputTokens = sum(turn.inputTokens, message.usage?.input ?? null);
  turn.outputTokens = sum(turn.outputTokens, message.usage?.output ?? null);
}

function answered(turn: Turn, result: ToolResult): boolean {
  const tool = turn.pieces.find(
    (piece) =>
      piece.kind === 'tool' &&
      piece.result === null &&
      result.id !== '' &&
      piece.call?.id === result.id,
  );
  if (tool?.kind !== 'tool') return false;
  tool.result = result;
  return true;
}

function pieceOf(part: Part): Piece | null {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return part.text === '' ? null : { kind: part.type, text: part.text };
    case 'toolCall':
      return { kind: 'tool', name: part.name, call: part, result: null };
    case 'toolResult':
      return { kind: 'tool', name: part.name, call: null, result: part };
    case 'image':
    case 'file':
      return { kind: 'file', text: fileWords(part) };
    default:
      return { kind: 'other', name: part.name };
  }
}

function fileWords({ type, name, mimeType, bytes }: Extract<Part, { type: 'image' | 'file' }>) {
  const size = bytes === null ? '' : `${String(Math.max(1, Math.round(bytes / 1024)))} KB`;
  return [type, name ?? '', mimeType, size].filter(Boolean).join(' · ');
}

const sum = (a: number | null, b: number | null) => (b === null ? a : (a ?? 0) + b);

/** What a tool was given, in a few words. */
export function previewOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const texts = Object.values(value).filter((one) => typeof one === 'string');
  return (texts[0] ?? '').replaceAll(/\s+/g, ' ').slice(0, 120);
}

/**
 * The newest page put behind what is known: older pages stay. Where it does not join what is known, it stands alone, and what was known
 * is read again on the way back.
 */
export function joined(
  known: { items: readonly Message[]; before: string | null },
  page: { items: readonly Message[]; before: string | null },
): { items: readonly Message[]; before: string | null } {
  const first = page.items.find(({ id }) => id !== '');
  const place = first ? known.items.findIndex(({ id }) => id === first.id) : -1;
  if (place === -1) return page;
  return { items: [...known.items.slice(0, place), ...page.items], before: known.before };
}
