import { expect, it } from 'vitest';
import { agent, entry, gateway, session } from '../testing/rows';
import { touches } from './concern';

const otto = { kind: 'agent', gateway: 'studio', id: 'otto' } as const;

it('finds an agent in its own rows, removals and sessions, at its own gateway', () => {
  expect(touches(entry({ agents: { upsert: [agent()] } }), otto)).toBe(true);
  expect(touches(entry({ agents: { remove: [{ gateway: 'studio', id: 'otto' }] } }), otto)).toBe(
    true,
  );
  expect(touches(entry({ sessions: { upsert: [session()] } }), otto)).toBe(true);
  expect(touches(entry({ sessions: { upsert: [session({ agentId: 'scout' })] } }), otto)).toBe(
    false,
  );
  expect(
    touches(entry({ gateway: 'attic', agents: { upsert: [agent({ gateway: 'attic' })] } }), otto),
  ).toBe(false);
});

it('finds a gateway only where its own row changes', () => {
  const studio = { kind: 'gateway', gateway: 'studio' } as const;
  expect(touches(entry({ gateways: { upsert: [gateway()] } }), studio)).toBe(true);
  expect(touches(entry({ agents: { upsert: [agent()] } }), studio)).toBe(false);
});
