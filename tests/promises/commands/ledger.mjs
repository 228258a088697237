// What was told, what the rows and the journal say became of it, and what the gateway's own log says was done.
import { readFileSync } from 'node:fs';

import { journal } from '../../support/reader.mjs';

const ENDS = new Set(['done', 'refused', 'expired', 'unknown']);
// From each status, where the next entry of the journal may find it.
const NEXT = {
  accepted: ['sent', 'refused', 'expired'],
  sent: ['accepted', 'done', 'refused', 'unknown'],
  unknown: ['done', 'refused'],
};

/** In the gateway's log: how a call is known to be of a command, and whether it did something. */
const MARKS = {
  'chat.send': ({ params, payload }) => ({ mark: params.idempotencyKey, did: payload?.status === 'started' }),
  'sessions.create': ({ params, payload }) => ({ mark: params.key, did: payload !== null }),
  'sessions.patch': ({ params, payload }) => ({ mark: params.label, did: payload !== null }),
  'exec.approval.resolve': ({ params, payload }) => ({ mark: `${params.id} ${params.decision}`, did: payload !== null }),
};
const markOf = ({ id, kind, target, params }) =>
  ({ 'session.send': id, 'session.create': params.key, 'session.patch': params.label, 'approval.decide': `${target.approvalId} ${params.decision}` })[kind];
/** Twice would be two. */
const ONCE = new Set(['session.send', 'session.create']);

export class Ledger {
  constructor(told, rows, entries, calls, audit) {
    Object.assign(this, { told, rows, entries, calls, audit });
  }

  static async read(center, authors, callLog) {
    const told = authors.flatMap((author) => author.told);
    const rows = new Map();
    for (let page = ''; page !== null;) {
      const list = await center.get(`/api/v1/commands?limit=1000${page && `&page=${encodeURIComponent(page)}`}`);
      for (const row of list.items) rows.set(row.id, row);
      page = list.next;
    }
    const entries = new Map();
    for (const entry of await journal(center)) {
      for (const row of entry.commands?.upsert ?? []) {
        if (!entries.has(row.id)) entries.set(row.id, []);
        entries.get(row.id).push({ at: entry.at, seq: entry.seq, row });
      }
    }
    return new Ledger(told, rows, entries, callsIn(callLog), await auditOf(center));
  }

  /** Each of these is a list of what is wrong. */
  lost() { return this.told.filter(({ id }) => !this.rows.has(id)); }

  open() { return [...this.rows.values()].filter((row) => !ENDS.has(row.status)); }

  doneTwice() {
    return this.all(({ row, did }) => ONCE.has(row.kind) && did > 1);
  }

  saidToBeDoneAndWasNot() {
    return this.all(({ row, did }) => row.status === 'done' && did === 0);
  }

  /** Of a refused one nothing was done, and one that expired never reached the gateway at all. */
  doneAndSaidNotToBe() {
    return this.all(({ row, did, calls }) => (row.status === 'refused' && did > 0) || (row.status === 'expired' && calls.length > 0));
  }

  /** The intent stands in the journal before the gateway is asked. */
  askedBeforeCommitted() {
    return this.all(({ row, calls }) => {
      const sent = (this.entries.get(row.id) ?? []).find((entry) => entry.row.status === 'sent');
      return calls.some((call) => !sent || call.at < sent.at);
    });
  }

  /** `faults`: {begin, end}. An answer can be lost in one, and the gateway is told so many things at once. */
  unknownWithoutAFault(faults) {
    return [...this.rows.values()].filter((row) => row.status === 'unknown' &&
      !faults.some(({ begin, end }) => begin <= row.endedAt + 1000 && end >= row.sentAt - 1000));
  }

  /** The journal's entries of a command are its way, and end as its row stands. */
  strayed() {
    return [...this.rows.values()].filter((row) => {
      const steps = this.entries.get(row.id) ?? [];
      const first = steps[0]?.row.status;
      const wrong = steps.findIndex((step, i) => i > 0 && !NEXT[steps[i - 1].row.status]?.includes(step.row.status));
      return first !== 'accepted' || wrong >= 0 || steps.at(-1).row.version !== row.version || steps.at(-1).row.status !== row.status;
    });
  }

  notInAudit() {
    return [...this.rows.values()].filter((row) => {
      const { told, ended } = this.audit.get(row.id) ?? {};
      return !told || ended !== row.status;
    });
  }

  counts() {
    const counts = {};
    for (const row of this.rows.values()) counts[row.status] = (counts[row.status] ?? 0) + 1;
    return counts;
  }

  all(isWrong) {
    return this.told.filter(({ id }) => this.rows.has(id)).map((command) => {
      const calls = this.calls.get(markOf(command)) ?? [];
      return { row: this.rows.get(command.id), command, calls, did: calls.filter((call) => call.did).length };
    }).filter(isWrong);
  }
}

/** By their marks. A line that a kill cut off tells nothing: its answer did not go out either. */
function callsIn(file) {
  const calls = new Map();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    let line;
    try {
      line = JSON.parse(text);
    } catch {
      continue;
    }
    const known = MARKS[line.method]?.(line);
    if (!known) continue;
    if (!calls.has(known.mark)) calls.set(known.mark, []);
    calls.get(known.mark).push({ at: line.at, did: known.did });
  }
  return calls;
}

/** By the command's id: that it was told, and the latest word on its end. */
async function auditOf(center) {
  const found = new Map();
  for (let before = ''; before !== null;) {
    const page = await center.get(`/api/v1/audit?limit=1000${before && `&before=${before}`}`);
    for (const { event, subject } of page.items) {
      if (event !== 'command' && event !== 'command-end') continue;
      const id = subject.split(' ')[1];
      const known = found.get(id) ?? {};
      found.set(id, known);
      if (event === 'command') known.told = true;
      else known.ended ??= subject.split(': ').at(-1);
    }
    before = page.next;
  }
  return found;
}
