// gateway-sim under a test's control.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { endsWithUs } from './children.mjs';
import { sleep } from './control_center.mjs';

export class Simulator {
  static async start(args = [], { token = 'sim-token' } = {}) {
    const simulator = new Simulator();
    simulator.token = token;
    const flags = ['--listen', '127.0.0.1:0', '--token', token, ...args.map(String)];
    simulator.process = endsWithUs(spawn(join(process.env.CC_BIN, 'gateway-sim'), flags, { stdio: ['ignore', 'pipe', 'inherit'] }));
    simulator.url = await new Promise((resolve, reject) => {
      let out = '';
      simulator.process.stdout.on('data', (data) => {
        out += data;
        const ready = /ready (ws:\/\/\S+)/.exec(out);
        if (ready) resolve(ready[1]);
      });
      simulator.process.on('exit', (code) => reject(new Error(`gateway-sim ended with ${code}: ${out}`)));
    });
    simulator.http = simulator.url.replace('ws:', 'http:').replace(/\/$/, '');
    return simulator;
  }

  /** One that is busy with a storm on a busy machine gives up on connections before it has read what they ask. */
  async ask(path, options, tries = 5) {
    try {
      return await fetch(`${this.http}/_sim/${path}`, options);
    } catch (error) {
      if (tries === 1 || error.cause?.code !== 'UND_ERR_SOCKET') throw error;
      return this.ask(path, options, tries - 1);
    }
  }

  /** An agent of which all sessions are busy at the moment is waited for. */
  async post(path, body, tries = 100) {
    const answer = await this.ask(path, { method: 'POST', body: JSON.stringify(body) });
    if (path === 'run' && answer.status === 400 && tries > 1) {
      await sleep(20);
      return this.post(path, body, tries - 1);
    }
    if (!answer.ok) throw new Error(`/_sim/${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  }

  async stats() { return (await this.ask('stats')).json(); }

  get env() {
    return { WS_GATEWAY_URL: this.url, GATEWAY_URL: `${this.http}/api/agents`, OPENCLAW_GATEWAY_TOKEN: this.token };
  }

  stop() { this.process.kill('SIGKILL'); }
}
