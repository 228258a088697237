import { Pace } from './pace';

/**
 * Calls `act` when what `read` reads has changed, but no faster than a pace, until the calling component is gone. There are two
 * effects, because an effect that runs again cleans up first, which would end the wait.
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
