import { createSubscriber } from 'svelte/reactivity';
import { wallClock } from './wall_clock';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1_000);
  return () => {
    clearInterval(timer);
  };
});

class ServerClock {
  /** How far the server's clock is ahead of the browser's, in milliseconds. */
  ahead = $state(0);
}

export const serverClock = new ServerClock();

/** The current time by the server's clock, for the age of what it tells. One timer ticks once a second while something uses it. */
export function now(): number {
  return localNow() + serverClock.ahead;
}

/** As `now`, for what runs once in a while: it does not tick. */
export const serverTime = (): number => wallClock() + serverClock.ahead;

/** The current time by the browser's own clock, for what happens here. Ticks as `now` does. */
export function localNow(): number {
  subscribe();
  return wallClock();
}
