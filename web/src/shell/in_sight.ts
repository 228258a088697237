import { basePath } from '../api/base';

/** Held by every page that somebody can see. */
const name = `${basePath}in-sight`;

/** Lets the other tabs know that this page can be seen, until the returned function is called. */
export function holdSight(): () => void {
  if (!('locks' in navigator)) return () => undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  void navigator.locks.request(name, { mode: 'shared' }, () => promise);
  return () => {
    resolve(undefined);
  };
}

/** Whether a page of ours can be seen, in whichever tab. */
export async function isAnyInSight(): Promise<boolean> {
  if (!('locks' in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}
