// A client of the stream that must never miss an entry: it resumes from the last cursor it saw, however it was cut off.
import http from 'node:http';

export class Reader {
  /**
   * `center` is asked for its URL at each connect, since a restart may move it. `patient`: waits as long as the stream's
   * `retry:` says, as a browser does; else comes back at once.
   */
  constructor(center, { after = '0', patient = false } = {}) {
    this.center = center;
    this.patient = patient;
    this.retry = 20;
    this.after = after;
    this.entries = []; // {cursor, data}
    this.resets = [];
    this.told = []; // both, in the order in which they came
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
        for (const block of blocks) this.take(block);
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

  take(block) {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
    if (fields.id) this.last = fields.id;
    if (fields.retry && this.patient) this.retry = Number(fields.retry);
    if (fields.event === 'reset') {
      const reset = JSON.parse(fields.data);
      this.resets.push(reset);
      this.told.push({ cursor: fields.id, reset });
    } else if (fields.data) {
      this.entries.push({ cursor: fields.id, data: fields.data });
      this.told.push({ cursor: fields.id });
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

/** Every entry of the journal, by `/events`. */
export async function journal(center) {
  const entries = [];
  let after = '';
  for (;;) {
    const page = await center.get(`/api/v1/events?limit=1000${after}`);
    entries.push(...page.events);
    if (page.events.length === 0) return entries;
    after = `&after=${page.cursor}`;
  }
}
