// A client of the stream that must never miss an entry: it resumes from the last cursor it saw, however it was cut off.
import http from 'node:http';

import { digest } from './digest.mjs';

export class Reader {
  /**
   * `center` is asked for its URL at each connect, since a restart may move it. `patient`: waits as long as the stream's
   * `retry:` says, as a browser does; else comes back at once. `hear` is told each entry's data: the reader itself keeps
   * numbers and digests alone, so that millions of entries fit.
   */
  constructor(center, { after = '0', patient = false, hear = () => {} } = {}) {
    this.center = center;
    this.patient = patient;
    this.hear = hear;
    this.retry = 20;
    this.after = after;
    this.seqs = []; // of each entry, in the order in which they came
    this.digests = []; // of its data
    this.epochs = new Set();
    this.garbled = []; // blocks that no stream of ours may hold
    this.resets = []; // {reason, cursor, at: how many entries came before it}
    this.connects = 0;
    this.connect();
  }

  connect() {
    if (this.closed) return;
    this.connects += 1;
    const center = this.center();
    const headers = { authorization: `Bearer ${center.token}`, accept: 'text/event-stream' };
    if (this.last) headers['last-event-id'] = this.last;
    this.request = http.get(`${center.url}/api/v1/stream?after=${this.after}`, { headers }, (response) => {
      this.response = response;
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk) => {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop(); // a block that is cut off before its blank line never was
        for (const block of blocks) this.takeOrRefuse(block);
      });
      response.on('close', () => this.again());
      response.on('error', () => {});
    });
    this.request.on('error', () => this.again());
  }

  again() {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => this.connect(), this.retry);
  }

  /** What a link has corrupted must not end the test: who judges the reader asks for `garbled`. */
  takeOrRefuse(block) {
    try {
      this.take(block);
    } catch {
      this.garbled.push(block);
    }
  }

  take(block) {
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
    }
    if (fields.id) this.last = fields.id;
    if (fields.retry && this.patient) this.retry = Number(fields.retry);
    if (fields.event === 'reset') {
      this.resets.push({ ...JSON.parse(fields.data), id: fields.id, at: this.seqs.length });
    } else if (fields.data) {
      const [epoch, seq] = fields.id.split('-');
      this.epochs.add(epoch);
      this.seqs.push(Number(seq));
      this.digests.push(digest(fields.data));
      this.hear(fields.data);
    }
  }

  /** Takes nothing from the socket, as a program does that hangs. */
  pause() { this.response.pause(); }
  resume() { this.response.resume(); }

  /** Cuts the connection, as a network does. */
  cut() { this.request.destroy(); }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.request.destroy();
  }
}

/** Every page of the journal by `/events`, from the oldest entry that is kept. */
export async function* pages(center) {
  for (let after = ''; ;) {
    const page = await center.get(`/api/v1/events?limit=1000${after}`);
    if (page.events.length === 0) return;
    yield page.events;
    after = `&after=${page.cursor}`;
  }
}

/** Every entry of it. */
export async function journal(center) {
  const entries = [];
  for await (const page of pages(center)) entries.push(...page);
  return entries;
}
