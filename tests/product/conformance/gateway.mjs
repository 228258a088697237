// A real OpenClaw gateway under the suite's control, and an operator's connection to it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Operator } from '../../support/operator.mjs';

const HERE = new URL('.', import.meta.url).pathname;
export const TOKEN = 'conformance-token';
// Where gateways are installed to, and the Node.js that runs them.
const ENV = {
  ...process.env,
  OPENCLAW_TEST_CACHE: process.env.OPENCLAW_TEST_CACHE ?? join(process.env.CC_CACHE, 'openclaw'),
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
};

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// They run in sessions of their own, so nothing but this ends them with a suite that ends early.
const gateways = new Set();
process.on('exit', () => { for (const gateway of gateways) gateway.remove(); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts and restarts one gateway; its state survives a restart. */
export class Gateway {
  static async make(version, extra = {}) {
    const gateway = new Gateway();
    gateways.add(gateway);
    gateway.version = version;
    gateway.port = await freePort();
    gateway.modelPort = await freePort();
    gateway.state = mkdtempSync(join(tmpdir(), 'cc-gateway-'));
    gateway.extra = extra;
    await gateway.start();
    return gateway;
  }

  start() {
    const env = {
      ...ENV,
      TOKEN,
      FAKE_PORT: String(this.modelPort),
      WAIT_S: '600', // on a machine that does much else
      EXTRA_JSON: Object.keys(this.extra).length > 0 ? JSON.stringify(this.extra) : '',
    };
    return new Promise((resolve, reject) => {
      const child = spawn('bash', [join(HERE, 'start_gateway.sh'), this.version, String(this.port), this.state], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (data) => { err += data; });
      child.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`gateway ${this.version} did not start:\n${err}`));
      });
    });
  }

  /** All of it: older ones run in a child of what was started, which leads a group of its own. */
  kill() { this.#end('gateway.pid', 'SIGKILL', -1); }

  remove() {
    gateways.delete(this);
    this.kill();
    this.#end('fake-model.pid', 'SIGTERM');
    rmSync(this.state, { recursive: true, force: true, maxRetries: 5 });
  }

  #end(pidFile, signal, sign = 1) {
    try { process.kill(sign * Number(readFileSync(join(this.state, pidFile), 'utf8')), signal); } catch { /* gone already */ }
  }

  get url() { return `ws://127.0.0.1:${this.port}/`; }
  operator(options) { return Operator.connect(this.url, TOKEN, options); }
}

/** Fills the cache, so that the tests themselves only start processes. */
export function install(version) {
  const done = spawnSync('bash', [join(HERE, 'start_gateway.sh'), version], {
    env: { ...ENV, INSTALL_ONLY: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`openclaw ${version} could not be installed`);
}

/** A TCP proxy that makes its clients look remote: what stands between a gateway and the internet. */
export async function remoteProxy(target) {
  const server = net.createServer((client) => {
    const upstream = net.connect(target, '127.0.0.1');
    let isHead = true;
    client.on('data', (data) => {
      if (isHead) {
        isHead = false;
        const text = data.toString('latin1');
        const end = text.indexOf('\r\n') + 2;
        upstream.write(Buffer.from(`${text.slice(0, end)}X-Forwarded-For: 203.0.113.7\r\n${text.slice(end)}`, 'latin1'));
      } else {
        upstream.write(data);
      }
    });
    upstream.pipe(client);
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: server.address().port, close: () => server.close() };
}
