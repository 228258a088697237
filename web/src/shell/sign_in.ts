import { signIn, signOut, type Failure } from '../api/client';
import type { FleetCopy } from '../live/fleet.svelte';

/** Signing in with a token. Null when it worked. The token is not kept: the server answers with a cookie. */
export async function enter(fleet: FleetCopy, token: string): Promise<Failure | null> {
  const result = await signIn(token);
  if (!result.ok) return result.failure;
  fleet.reconnect();
  return null;
}

/** Signs out in all tabs of this browser. */
export async function leave(fleet: FleetCopy): Promise<Failure | null> {
  const result = await signOut();
  if (!result.ok && result.failure.status !== 401) return result.failure;
  fleet.forget();
  return null;
}
