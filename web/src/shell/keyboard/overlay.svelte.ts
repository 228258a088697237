/** `stop`: stops all that runs in the fleet, once that is confirmed. */
export type Shown = 'palette' | 'help' | 'stop';

/** The dialog that is open over the page. */
class Overlay {
  shown = $state<Shown | null>(null);

  show(what: Shown): void {
    this.shown = what;
  }

  readonly close = (): void => {
    this.shown = null;
  };
}

export const overlay = new Overlay();
