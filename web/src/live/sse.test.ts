import { describe, expect, it } from 'vitest';
import { EventParser, type ServerSentEvent } from './sse';

const all = (...pieces: string[]): ServerSentEvent[] => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.feed(piece));
};

describe('EventParser', () => {
  const block = 'id: k3f9x2ab-7\nevent: agent.update\ndata: {"seq":7}\n\n';
  const event = { type: 'agent.update', id: 'k3f9x2ab-7', data: '{"seq":7}' };

  it('reads an event', () => {
    expect(all(block)).toEqual([event]);
  });

  it('reads the same wherever the bytes are cut', () => {
    for (const text of [block, block.replaceAll('\n', '\r\n'), block.replaceAll('\n', '\r')]) {
      for (let at = 0; at <= text.length; at += 1) {
        // A CR at the very end may be half a CRLF: the next line settles it.
        expect(all(text.slice(0, at), text.slice(at), ':\n')).toEqual([event]);
      }
    }
  });

  it('takes a CRLF that is cut in two for one end of a line', () => {
    expect(all('data: a\r', '\ndata: b\r', '\n\r', '\n')).toEqual([
      { type: 'message', id: null, data: 'a\nb' },
    ]);
  });

  it('never gives out an event that was cut', () => {
    expect(all('id: k-1\ndata: {}\n')).toEqual([]);
  });

  it('skips comments and fields that it does not know', () => {
    expect(all(': hello\n\nretry: 2310\n\nwhat: ever\n\n')).toEqual([]);
  });

  it('gives out a block that only moves the cursor', () => {
    expect(all('id: k3f9x2ab-9\n\n')).toEqual([{ type: 'message', id: 'k3f9x2ab-9', data: null }]);
  });

  it('does not carry type, id and data over to the next event', () => {
    expect(all(`${block}data: x\n\n`)[1]).toEqual({ type: 'message', id: null, data: 'x' });
  });

  it('ignores an id with U+0000 and eats one byte order mark', () => {
    expect(all('\uFEFFid: a\0b\ndata: x\n\n')).toEqual([{ type: 'message', id: null, data: 'x' }]);
  });

  it('takes one space after the colon, and no more', () => {
    expect(all('data:  two\ndata:none\n\n')[0]?.data).toBe(' two\nnone');
  });
});
