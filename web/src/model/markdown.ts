import { Lexer, type Token, type Tokens } from 'marked';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'strong'; children: Inline[] }
  | { kind: 'em'; children: Inline[] }
  | { kind: 'del'; children: Inline[] }
  /** `place`: where it goes, where its words do not say so; else empty. */
  | { kind: 'link'; href: string; place: string; children: Inline[] };

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; depth: number; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: Block[] }
  | {
      kind: 'list';
      ordered: boolean;
      start: number;
      items: { checked: boolean | null; children: Block[] }[];
    }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][]; align: string[] }
  | { kind: 'rule' };

/** A longer text is shown as it was written: to read it as Markdown may take too long. */
const mostCharacters = 60_000;
/** Deeper than this nobody writes, but somebody may try. */
const mostDepth = 12;

/** What a text in Markdown says, without any HTML: what looks like it is text. */
export function blocksOf(text: string): Block[] {
  if (text.length > mostCharacters) return [{ kind: 'code', text }];
  try {
    return blocks(new Lexer({ gfm: true, breaks: false }).lex(text), 0);
  } catch {
    return [{ kind: 'code', text }];
  }
}

function blocks(tokens: readonly Token[], depth: number): Block[] {
  return tokens.flatMap((token) => block(token, depth));
}

function block(token: Token, depth: number): Block[] {
  if (depth > mostDepth) return [plain(token.raw)];
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'heading': {
      const { depth: level } = token as Tokens.Heading;
      return [{ kind: 'heading', depth: level, children: inlines(token, depth) }];
    }
    case 'code':
      return [{ kind: 'code', text: (token as Tokens.Code).text }];
    case 'blockquote':
      return [{ kind: 'quote', children: blocks((token as Tokens.Blockquote).tokens, depth + 1) }];
    case 'list':
      return [list(token as Tokens.List, depth)];
    case 'table':
      return [table(token as Tokens.Table, depth)];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: inlines(token, depth) }];
    default:
      return [plain(token.raw)];
  }
}

const plain = (text: string): Block => ({ kind: 'paragraph', children: [{ kind: 'text', text }] });

function list(token: Tokens.List, depth: number): Block {
  return {
    kind: 'list',
    ordered: token.ordered,
    start: token.start === '' ? 1 : token.start,
    items: token.items.map((item) => ({
      checked: item.task ? item.checked === true : null,
      children: blocks(
        item.tokens.filter(({ type }) => type !== 'checkbox'),
        depth + 1,
      ),
    })),
  };
}

function table(token: Tokens.Table, depth: number): Block {
  const cells = (row: readonly Tokens.TableCell[]) =>
    row.map((cell) => inlineAll(cell.tokens, depth));
  return {
    kind: 'table',
    head: cells(token.header),
    rows: token.rows.map(cells),
    align: token.align.map((side) => side ?? ''),
  };
}

const inlines = (token: Token, depth: number): Inline[] =>
  'tokens' in token && token.tokens
    ? inlineAll(token.tokens, depth)
    : [{ kind: 'text', text: 'text' in token ? String(token.text) : token.raw }];

const inlineAll = (tokens: readonly Token[], depth: number): Inline[] =>
  tokens.map((token) => inline(token, depth + 1));

function inline(token: Token, depth: number): Inline {
  if (depth > mostDepth) return { kind: 'text', text: token.raw };
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return { kind: token.type, children: inlines(token, depth) };
    case 'codespan':
      return { kind: 'code', text: (token as Tokens.Codespan).text };
    case 'br':
      return { kind: 'break' };
    case 'link':
      return link(token as Tokens.Link, depth);
    case 'image':
      return picture(token as Tokens.Image);
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens
        ? { kind: 'em', children: inlines(token, depth) }
        : { kind: 'text', text: (token as Tokens.Text).text };
    default:
      return { kind: 'text', text: token.raw };
  }
}

function link(token: Tokens.Link, depth: number): Inline {
  const href = safeHref(token.href);
  if (href === null) return { kind: 'text', text: token.raw };
  const children = inlines(token, depth);
  return { kind: 'link', href, place: placeOf(href, token.text), children };
}

// What it shows is not fetched.
function picture({ href, text }: Tokens.Image): Inline {
  const safe = safeHref(href);
  const word = `picture: ${text || 'without a name'}`;
  if (safe === null) return { kind: 'text', text: `[${word}]` };
  const children: Inline[] = [{ kind: 'text', text: word }];
  return { kind: 'link', href: safe, place: placeOf(safe, text), children };
}

/** Addresses that lead to a page or a mail, whole: no scripts, and nothing that belongs to this page's own host. */
export function safeHref(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return /^(https?|mailto):$/.test(url.protocol) ? url.href : null;
}

// The host as the browser goes to it: letters that look like others are told as what they are (xn--…).
function placeOf(href: string, words: string): string {
  const { host, protocol, pathname } = new URL(href);
  const place = protocol === 'mailto:' ? pathname : host;
  return words.trim() === href || words.trim() === href.replace(/\/$/, '') ? '' : place;
}
