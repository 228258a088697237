import type { Connection } from './protocol';
import type { Status } from '../model/status';
import { age } from '../model/time';

/** The connection to Control Center in words: one for the head of the page, and a sentence or two. */
export interface ConnectionWords {
  mark: Status;
  word: string;
  detail: string;
}

/** `now`: the browser's time, as that of the connection. */
export function connectionWords(connection: Connection, now: number): ConnectionWords {
  switch (connection.state) {
    case 'live':
      return live;
    case 'connecting':
      return { mark: 'working', word: 'Connecting', detail: '' };
    case 'signed-out':
      return { mark: 'offline', word: 'Signed out', detail: 'Sign in to continue.' };
    case 'quiet':
      return quiet(connection, now);
    case 'lost':
      return lost(connection, now);
  }
}

export const live: ConnectionWords = {
  mark: 'idle',
  word: 'Live',
  detail: 'Changes arrive as they happen.',
};

function quiet(connection: Connection, now: number): ConnectionWords {
  const silence = `No news for ${age(connection.since, now)}`;
  const next = nextTry(connection, now, 'Reconnecting');
  return { mark: 'waiting', word: silence, detail: `Control Center has gone silent. ${next}` };
}

function lost(connection: Connection, now: number): ConnectionWords {
  const span = age(connection.since, now);
  const next = nextTry(connection, now, 'Next try');
  const detail = [connection.reason, next].filter(Boolean).join(' ');
  return { mark: 'error', word: span === 'now' ? 'Lost' : `Lost for ${span}`, detail };
}

function nextTry({ retryAt }: Connection, now: number, what: string): string {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1_000);
  return seconds < 1 ? 'Trying now.' : `${what} in ${String(seconds)} s.`;
}

/** A difference of the clocks that is worth a note. */
const noteAfterMs = 60_000;

/** What to tell a viewer whose clock is off; null where it is right. `ahead`: of the server's clock, in milliseconds. */
export function clockNote(ahead: number): string | null {
  if (Math.abs(ahead) <= noteAfterMs) return null;
  const side = ahead > 0 ? 'behind' : 'ahead of';
  // Not cut, but rounded: what is measured is a little off itself.
  const off = age(0, Math.round(Math.abs(ahead) / noteAfterMs) * noteAfterMs);
  return `This device's clock is ${off} ${side} the server's. Ages are by the server's clock.`;
}

/** What to tell where the server's clock was wrong: entries keep their order, so new ones are dated ahead for a while. */
export function journalNote(aheadMs: number): string | null {
  if (aheadMs <= 0) return null;
  const ahead = age(0, Math.max(noteAfterMs, aheadMs));
  return (
    `The server's clock was wrong: new journal entries are dated ${ahead} ahead. ` +
    'This passes by itself; control-center doctor tells more.'
  );
}
