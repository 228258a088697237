// A second client of the gateway: what a person at the command line does, and what the gateway itself says.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A key, for gateways that grant nothing without one. */
function newDevice() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url');
  return { id: createHash('sha256').update(raw).digest('hex'), publicKey: raw.toString('base64url'), privateKey };
}

/** The block that proves the key (docs/protocol/gateway.md, "Device identity"). */
function proofOf(device, { scopes, token, nonce, ts }) {
  const fields = ['v3', device.id, 'gateway-client', 'backend', 'operator', scopes.join(','), ts, token, nonce, 'linux', ''];
  const signature = sign(null, Buffer.from(fields.join('|')), device.privateKey).toString('base64url');
  return { id: device.id, publicKey: device.publicKey, signature, signedAt: ts, nonce };
}

/** A client with all rights, as a person at the command line would have. */
export class Operator {
  static async connect(url, token, options = {}) {
    const operator = await Operator.#open(url, token, options);
    if (operator.hello.auth?.scopes?.length > 0) return operator;
    operator.close();
    return Operator.#open(url, token, { ...options, device: newDevice() });
  }

  static #open(url, token, { caps = [], approvals = false, device = null }) {
    const scopes = ['operator.read', 'operator.write', 'operator.admin', 'operator.pairing'];
    if (approvals) scopes.push('operator.approvals');
    const operator = new Operator();
    operator.seesApprovals = approvals;
    operator.pending = new Map();
    operator.listeners = [];
    operator.last = 0;
    operator.socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      operator.socket.onerror = () => reject(new Error(`no operator connection to ${url}`));
      operator.socket.onclose = () => {
        for (const waiting of operator.pending.values()) waiting.reject(new Error(`the gateway at ${url} closed the operator's connection`));
        operator.pending.clear();
      };
      operator.socket.onmessage = (message) => {
        const frame = JSON.parse(message.data);
        if (frame.event === 'connect.challenge') {
          const proof = device ? { device: proofOf(device, { scopes, token, ...frame.payload }) } : {};
          operator.call('connect', {
            ...proof, minProtocol: 3, maxProtocol: 4, role: 'operator', scopes, caps,
            client: { id: 'gateway-client', version: '1', platform: 'linux', mode: 'backend' },
            auth: { token },
          }).then((hello) => {
            operator.hello = hello;
            operator.gatewayStartedAt = frame.payload.ts - (hello.snapshot?.uptimeMs ?? frame.payload.ts);
            resolve(operator);
          }, reject);
        } else if (frame.type === 'res') {
          const waiting = operator.pending.get(frame.id);
          if (frame.ok) waiting?.resolve(frame.payload);
          else waiting?.reject(new Error(`${frame.error.code}: ${frame.error.message}`));
        } else {
          for (const listener of operator.listeners) listener(frame);
        }
      };
    });
  }

  /** A real gateway may stand still for minutes; one that never answers must not hold up a suite for ever. */
  call(method, params, timeoutMs = 180_000) {
    const id = String(++this.last);
    this.socket.send(JSON.stringify({ type: 'req', id, method, params }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.pending.get(id)?.reject(new Error(`no answer to ${method} within ${timeoutMs} ms`)), timeoutMs);
      const settled = (settle) => (value) => {
        clearTimeout(timer);
        this.pending.delete(id);
        settle(value);
      };
      this.pending.set(id, { resolve: settled(resolve), reject: settled(reject) });
    });
  }

  /** The payload of the next such event. */
  event(name, timeoutMs = 60_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${name} within ${timeoutMs} ms`)), timeoutMs);
      this.listeners.push((frame) => {
        if (frame.event !== name) return;
        clearTimeout(timer);
        resolve(frame.payload);
      });
    });
  }

  say(sessionKey, message) {
    return this.call('chat.send', { sessionKey, message, idempotencyKey: `t-${Math.random().toString(36).slice(2)}` });
  }

  close() { this.socket.close(); }

  /** Whether the gateway has this method. */
  has(method) { return this.hello.features.methods.includes(method); }

  /** Every row of `sessions.list`, archived ones too, by the first request that this version understands. */
  async sessions() {
    const all = { includeGlobal: true, includeUnknown: true };
    const requests = [{ ...all, limit: 200, offset: 0, archived: 'all' }, { ...all, limit: 200, offset: 0 }, { ...all, limit: 100_000 }];
    for (const request of requests) {
      try {
        return await this.#pages(request);
      } catch (error) {
        if (request === requests.at(-1) || !error.message.startsWith('INVALID_REQUEST')) throw error;
      }
    }
  }

  /** Keys of the sessions in which an approval waits; of a client that asked for the approvals. */
  async waitingSessions() {
    const pending = await this.call('exec.approval.list', {});
    return new Set(pending.map(({ request }) => request.sessionKey));
  }

  async #pages(request) {
    const rows = [];
    for (let { offset } = request, first = true; first || (offset ?? null) !== null; first = false) {
      const page = await this.call('sessions.list', first ? request : { ...request, offset });
      rows.push(...page.sessions);
      offset = page.nextOffset;
    }
    return rows;
  }
}
