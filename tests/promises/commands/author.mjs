// Somebody who tells gateways things and does not give up: a command that got no answer is told again, with its key.
import { sleep } from '../../support/control_center.mjs';

export class Author {
  constructor(name, token, center) {
    Object.assign(this, { name, token, center, told: [], refused: 0 });
  }

  static async make(name, center) {
    const answer = await fetch(`${center().url}/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${center().token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, role: 'operator' }),
    });
    if (answer.status !== 201) throw new Error(`POST tokens: ${answer.status} ${await answer.text()}`);
    return new Author(name, (await answer.json()).token, center);
  }

  /** Until there is an answer that says yes or no. */
  async tell(body) {
    const key = `${this.name}-${this.told.length + this.refused}`;
    for (;;) {
      const answer = await this.ask(key, body).catch(() => null);
      if (answer && (answer.status === 202 || answer.status === 200)) return void this.told.push({ ...body, id: answer.row.id });
      if (answer && answer.status < 500 && answer.status !== 429) {
        this.refused += 1;
        return;
      }
      await sleep(100);
    }
  }

  async ask(key, body) {
    const answer = await fetch(`${this.center().url}/api/v1/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ gateway: 'default', ...body }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, row: await answer.json() };
  }
}

/** What an author may want, each to be told apart in the gateway's log. */
export class Wishes {
  constructor(center, random) {
    Object.assign(this, { center, random, count: 0, sessions: [], approvals: [] });
  }

  /** What there is to act on, as it is now. */
  async look() {
    const list = async (path) => (await this.center().get(path)).items;
    this.sessions = (await list('/api/v1/sessions?limit=100')).map((row) => row.key);
    this.approvals = await list('/api/v1/approvals?status=pending&limit=100');
  }

  pick(list) { return list[Math.floor(this.random() * list.length)]; }

  next() {
    this.count += 1;
    const luck = this.random();
    const approval = luck < 0.25 ? this.pick(this.approvals) : undefined;
    if (approval) {
      return { kind: 'approval.decide', target: { approvalId: approval.id }, params: { decision: this.pick(['allow-once', 'deny']) } };
    }
    if (luck < 0.45) return { kind: 'session.create', target: {}, params: { key: `agent:main:made-${this.count}` } };
    const target = { sessionKey: this.pick(this.sessions) };
    if (luck < 0.65) return { kind: 'session.patch', target, params: { label: `label ${this.count}` } };
    return { kind: 'session.send', target, params: { text: `say ${this.count}` } };
  }
}
