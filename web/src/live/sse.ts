/** A server-sent event. `id` is null where the block had none; `data` is null for a block that only moves the cursor. */
export interface ServerSentEvent {
  type: string;
  id: string | null;
  data: string | null;
}

/**
 * Reads server-sent events from text that arrives in pieces, as the HTML standard has it: lines end in CR, LF or CRLF, a
 * blank line ends an event, and an event that was cut is never given out. Comments are no events: `onComment` gets their text.
 */
export class EventParser {
  #rest = '';
  #data: string[] = [];
  #type = '';
  #id: string | null = null;
  #fresh = true;

  constructor(private readonly onComment: (text: string) => void = () => undefined) {}

  /** The events that the piece completed. */
  feed(piece: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    let text = this.#rest + piece;
    if (this.#fresh && text !== '') {
      if (text.startsWith('\uFEFF')) text = text.slice(1);
      this.#fresh = false;
    }
    let start = 0;
    for (let end = lineEnd(text, start); end !== -1; end = lineEnd(text, start)) {
      const event = this.#line(text.slice(start, end));
      if (event) events.push(event);
      start = end + (text.startsWith('\r\n', end) ? 2 : 1);
    }
    this.#rest = text.slice(start);
    return events;
  }

  #line(line: string): ServerSentEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) {
      this.onComment(line.slice(1).trim());
      return null;
    }
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return null;
  }

  #dispatch(): ServerSentEvent | null {
    const data = this.#data.length === 0 ? null : this.#data.join('\n');
    const event = { type: this.#type === '' ? 'message' : this.#type, id: this.#id, data };
    this.#data = [];
    this.#type = '';
    this.#id = null;
    return event.data === null && event.id === null ? null : event;
  }
}

// A CR at the very end waits for the next piece: an LF may follow and belong to it.
function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') return at;
    if (character === '\r') return at + 1 === text.length ? -1 : at;
  }
  return -1;
}
