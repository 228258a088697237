import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1_000);
  return () => {
    clearInterval(timer);
  };
});

/** The present, for what shows relative times: ticks once a second, in one timer, while something looks. */
export function now(): number {
  subscribe();
  return Date.now();
}
