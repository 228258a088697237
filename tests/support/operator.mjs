// A second client of the gateway: what a person at the command line does, and what the gateway itself says.

/** A client with all rights, as a person at the command line would have. */
export class Operator {
  static connect(url, token, { caps = [], approvals = false } = {}) {
    const scopes = ['operator.read', 'operator.write', 'operator.admin', 'operator.pairing'];
    if (approvals) scopes.push('operator.approvals');
    const operator = new Operator();
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
          operator.call('connect', {
            minProtocol: 3, maxProtocol: 4, role: 'operator', scopes, caps,
            client: { id: 'gateway-client', version: '1', platform: 'linux', mode: 'backend' },
            auth: { token },
          }).then(() => resolve(operator), reject);
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

  /** Every row of `sessions.list`, archived ones too (protocol 4). */
  async sessions() {
    const rows = [];
    for (let offset = 0; offset !== undefined && offset !== null;) {
      const page = await this.call('sessions.list', { limit: 200, offset, archived: 'all', includeGlobal: true, includeUnknown: true });
      rows.push(...page.sessions);
      offset = page.nextOffset;
    }
    return rows;
  }
}
