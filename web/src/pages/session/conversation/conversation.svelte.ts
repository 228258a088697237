import {
  type Command,
  type Failure,
  fetchMessages,
  type Message,
  type Result,
} from '../../../api/client';
import { Pace } from '../../../live/pace';
import { joined } from '../../../model/conversation';

const pageSize = 50;
/** It is read again as seldom as this, however fast the session changes: the gateway answers other clients, too. */
const restMs = 2_000;

/** What was said here, kept until it is seen in the conversation. Control Center does not keep the words. */
export interface Sent {
  gateway: string;
  id: string;
  text: string;
}

/** The conversation of a session, as the gateway tells it while somebody looks. */
export class Conversation {
  items = $state.raw<readonly Message[]>([]);
  before = $state.raw<string | null>(null);
  loaded = $state(false);
  loading = $state(false);
  failure = $state.raw<Failure | null>(null);
  sent = $state.raw<readonly Sent[]>([]);
  readonly #pace = new Pace(() => void this.load(), restMs);

  constructor(
    private readonly gateway: string,
    private readonly key: string,
  ) {}

  /** The session changed: read again soon. */
  changed(): void {
    this.#pace.ask();
  }

  stop(): void {
    this.#pace.stop();
  }

  /** The newest page. */
  async load(): Promise<void> {
    this.loading = true;
    const page = await fetchMessages(this.gateway, this.key, { limit: pageSize });
    this.loading = false;
    this.failure = page.ok ? null : page.failure;
    if (!page.ok) return;
    ({ items: this.items, before: this.before } = joined(this, page.value));
    this.loaded = true;
  }

  async older(): Promise<void> {
    if (this.before === null) return;
    this.loading = true;
    const page = await fetchMessages(this.gateway, this.key, {
      limit: pageSize,
      before: this.before,
    });
    this.loading = false;
    this.failure = page.ok ? null : page.failure;
    if (!page.ok) return;
    const known = new Set(this.items.map(({ id }) => id));
    const news = page.value.items.filter(({ id }) => id === '' || !known.has(id));
    this.items = [...news, ...this.items];
    this.before = page.value.before;
  }

  said(text: string, given: Result<Command>): void {
    if (!given.ok) return;
    const { gateway, id } = given.value;
    this.sent = [...this.sent, { gateway, id, text }];
    this.changed();
  }

  forget(id: string): void {
    this.sent = this.sent.filter((one) => one.id !== id);
  }
}

/** Whether what was sent stands in the conversation already: as the last thing that a person said, in the same words. */
export function isSeen(text: string, items: readonly Message[], since: number): boolean {
  return items.some(
    ({ role, at, parts }) =>
      role === 'user' &&
      (at === null || at >= since - 60_000) &&
      parts.some((part) => part.type === 'text' && part.text.includes(text.trim())),
  );
}
