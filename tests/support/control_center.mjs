// Control Center as a user runs it: the built program, its API and its stream.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endsWithUs } from './children.mjs';

const BIN = process.env.CC_BIN;

export class ControlCenter {
  /**
   * `env` on top of a data directory of its own. `token`: the one that `env` brings, where it does. `files`: how many it may
   * have open.
   */
  static async start(env, { dir = mkdtempSync(join(tmpdir(), 'cc-data-')), args = [], token = null, files = null } = {}) {
    const center = new ControlCenter();
    center.dir = dir;
    center.log = '';
    const limit = files === null ? '' : `ulimit -n ${files} && `;
    center.process = endsWithUs(spawn('bash', ['-c', `${limit}exec "$0" "$@"`, join(BIN, 'control-center'), 'serve', ...args], {
      env: {
        PATH: process.env.PATH,
        CONTROL_CENTER_LISTEN: '127.0.0.1:0',
        CONTROL_CENTER_DATA_DIR: dir,
        CONTROL_CENTER_LOG_LEVEL: 'info',
        GATEWAY_URL: 'http://127.0.0.1:9/api/agents',
        ...env,
      },
      stdio: ['ignore', 'inherit', 'pipe'],
    }));
    center.exited = new Promise((resolve) => { center.process.on('exit', (code, signal) => resolve(code ?? signal)); });
    center.url = await center.listening();
    center.token = token ?? readFileSync(join(dir, 'admin-token'), 'utf8').trim();
    return center;
  }

  /** Its URL, as soon as it says so. */
  listening() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`control-center does not listen:\n${this.log}`)), 30_000);
      this.process.stderr.on('data', (data) => {
        this.log += data;
        if (this.url) return;
        const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(this.log);
        if (!found) return;
        clearTimeout(late);
        resolve(found[0]);
      });
      this.exited.then((code) => {
        clearTimeout(late);
        reject(new Error(`control-center ended with ${code}:\n${this.log}`));
      });
    });
  }

  /** Asks once more where the connection that was kept for it turns out to be closed. */
  ask(path) {
    const once = () => fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } });
    return once().catch(once);
  }

  async get(path) {
    const answer = await this.ask(path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  gateway(name = 'default') {
    return this.get('/api/v1/gateways').then(({ items }) => items.find((row) => row.name === name));
  }

  row(kind, id, gateway = 'default') {
    return this.get(`/api/v1/${kind}/${gateway}/${encodeURIComponent(id)}`).catch(() => null);
  }

  /** Waits until `test(row)` holds for the row. */
  async until(what, kind, id, test, timeoutMs = 30_000) {
    let row;
    try {
      return await until(what, async () => {
        row = kind === 'gateway' ? await this.gateway(id) : await this.row(kind, id);
        return test(row) ? row ?? true : null;
      }, timeoutMs, this);
    } catch (error) {
      throw new Error(`${error.message}\nlast seen: ${JSON.stringify(row)}`, { cause: error });
    }
  }

  /** Every change set from now on, in `changes`. */
  async follow() {
    const abort = new AbortController();
    const { cursor } = await this.get('/api/v1/fleet');
    const answer = await fetch(`${this.url}/api/v1/stream?after=${cursor}`, {
      headers: { authorization: `Bearer ${this.token}` },
      signal: abort.signal,
    });
    const changes = [];
    (async () => {
      let text = '';
      const decoder = new TextDecoder();
      for await (const bytes of answer.body) {
        text += decoder.decode(bytes, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop();
        for (const block of blocks) {
          const data = block.split('\n').find((line) => line.startsWith('data: '));
          if (data) changes.push(JSON.parse(data.slice(6)));
        }
      }
    })().catch(() => {});
    return { changes, close: () => abort.abort() };
  }

  /** Each `status` that the stream showed for the agent, without repetitions. */
  static statuses(changes, id) {
    const seen = changes.flatMap((set) => set.agents?.upsert ?? []).filter((row) => row.id === id).map((row) => row.status);
    return seen.filter((status, i) => status !== seen[i - 1]);
  }

  async stop({ keep = false } = {}) {
    this.process.kill('SIGTERM');
    const code = await this.exited;
    if (!keep) rmSync(this.dir, { recursive: true, force: true });
    return code;
  }

  async metrics() {
    const answer = await this.ask('/metrics');
    return answer.text();
  }

  /** The value of a metric without labels. */
  async metric(name) {
    const found = new RegExp(`^${name} ([0-9.e+]+)$`, 'm').exec(await this.metrics());
    if (!found) throw new Error(`no metric ${name}`);
    return Number(found[1]);
  }

  /** How many files, sockets among them, the process has open. */
  descriptors() { return readdirSync(`/proc/${this.process.pid}/fd`).length; }

  /** Bytes resident. */
  memory() {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'));
    return Number(kib[1]) * 1024;
  }
}

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Asks again and again until the answer is not empty. */
export async function until(what, ask, timeoutMs = 30_000, center = null) {
  const deadline = Date.now() + timeoutMs;
  let last;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  const tail = center ? `\nlog:\n${center.log.split('\n').slice(-25).join('\n')}` : '';
  throw new Error(`not within ${timeoutMs} ms: ${what}${last ? ` (${last.message})` : ''}${tail}`);
}
