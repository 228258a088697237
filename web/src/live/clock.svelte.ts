import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1_000);
  return () => {
    clearInterval(timer);
  };
});

/** The current time, for relative times. One timer ticks once a second while something uses it. */
export function now(): number {
  subscribe();
  return Date.now();
}
