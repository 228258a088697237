import { type Failure, fetchSessions, type Session } from '../../api/client';
import { fleet } from '../../live/fleet.svelte';
import { sessionKey } from '../../model/keys';

const most = 1_000;

/** An agent's sessions: read once, then kept current from the stream. */
export class AgentSessions {
  version = $state(0);
  total = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly rows = new Map<string, Session>();

  constructor(
    private readonly gateway: string,
    private readonly agentId: string,
  ) {}

  /** Made for an effect: follows until the returned function is called. */
  follow(): () => void {
    void this.#load();
    return fleet.listen(({ everything, changes }) => {
      if (everything) void this.#load();
      if (changes && changes.sessions.size > 0) this.#merge(changes.sessions);
    });
  }

  async #load(): Promise<void> {
    const query = { gateway: this.gateway, agentId: this.agentId, sort: '-updatedAt', limit: most };
    const result = await fetchSessions(query);
    this.failure = result.ok ? null : result.failure;
    if (!result.ok) return;
    this.rows.clear();
    for (const row of result.value.items) this.#put(row);
    this.total = result.value.total;
    this.version += 1;
  }

  #merge(sessions: ReadonlyMap<string, Session | null>): void {
    const before = this.version;
    for (const [key, row] of sessions) {
      const mine = row?.gateway === this.gateway && row.agentId === this.agentId;
      if (mine) this.#put(row);
      else if (!this.rows.delete(key)) continue;
      this.version = before + 1;
    }
    if (this.version !== before && this.total !== null && this.total < most)
      this.total = this.rows.size;
  }

  #put(row: Session): void {
    const key = sessionKey(row.gateway, row.key);
    if ((this.rows.get(key)?.version ?? -1) <= row.version) this.rows.set(key, row);
  }
}
