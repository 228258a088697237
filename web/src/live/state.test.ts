import { describe, expect, it } from 'vitest';
import { agent, entry, gateway, snapshot } from '../testing/rows';
import { FleetState } from './state';

const loaded = () => {
  const state = new FleetState();
  state.load(snapshot());
  return state;
};
const otto = 'studio\0otto';

describe('FleetState', () => {
  it('stands where the snapshot stands', () => {
    const state = loaded();
    expect(state.cursor).toBe('k3f9x2ab-10');
    expect(state.agents.get(otto)?.name).toBe('Otto');
  });

  it('puts rows in place and takes removed ones away', () => {
    const state = loaded();
    state.apply(entry({ seq: 11, agents: { upsert: [agent({ name: 'Otto II' })] } }));
    expect(state.agents.get(otto)?.name).toBe('Otto II');
    state.apply(entry({ seq: 12, agents: { remove: [{ gateway: 'studio', id: 'otto' }] } }));
    expect(state.agents.size).toBe(0);
    expect(state.cursor).toBe('k3f9x2ab-12');
  });

  it('tells agents of the same id at two gateways apart', () => {
    const state = loaded();
    state.apply(entry({ seq: 11, agents: { upsert: [agent({ gateway: 'attic' })] } }));
    expect(state.agents.size).toBe(2);
  });

  it('applies an entry once: one that is not after the cursor changes nothing', () => {
    const state = loaded();
    for (const seq of [10, 9, 1]) {
      expect(state.apply(entry({ seq, agents: { upsert: [agent({ name: 'old' })] } }))).toBe(false);
    }
    expect(state.agents.get(otto)?.name).toBe('Otto');
    expect(state.cursor).toBe('k3f9x2ab-10');
  });

  it('is as of the commit time of the last entry', () => {
    const state = loaded();
    expect(state.asOf).toBeNull();
    state.apply(
      entry({ seq: 11, at: 77_000, gateways: { upsert: [gateway({ state: 'offline' })] } }),
    );
    expect(state.asOf).toBe(77_000);
    expect(state.gateways.get('studio')?.state).toBe('offline');
  });
});
