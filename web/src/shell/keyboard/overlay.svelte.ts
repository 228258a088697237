/** The dialog that is open over the page. */
class Overlay {
  shown = $state<'palette' | 'help' | null>(null);

  show(what: 'palette' | 'help'): void {
    this.shown = what;
  }

  readonly close = (): void => {
    this.shown = null;
  };
}

export const overlay = new Overlay();
