import { Pace } from './pace';

/**
 * Acts whenever what `read` reads has changed, no faster than a pace, until the component that calls it is gone. Both effects
 * stand apart, since one that runs again clears up first and would end the wait with it.
 */
export function atPace(read: () => unknown, act: () => void): void {
  const pace = new Pace(act);
  $effect(() => {
    read();
    pace.ask();
  });
  $effect(() => () => {
    pace.stop();
  });
}
