import { tick } from 'svelte';
import { stepTo, type Item } from './table';
import type { WindowList } from './virtual.svelte';

/** How far a key moves. */
const steps: Record<string, number> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  Home: -Infinity,
  End: Infinity,
};

/** What the rows are part of. */
interface Surroundings {
  items: () => readonly Item[];
  list: WindowList;
  body: () => HTMLElement;
  /** Called with whether pointer or focus are among the rows, whenever it may have changed. */
  onhold: (held: boolean) => void;
}

/** The row that the keyboard is at. Its handlers are the rows' container's. */
export class RowFocus {
  #key = $state<string | null>(null);
  #pointerInside = false;
  #focusInside = false;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The place of the row that Tab leads to: where one was last, else the first. */
  readonly index = $derived.by(() => {
    const items = this.#around.items();
    const index = this.#key === null ? -1 : items.findIndex(({ key }) => key === this.#key);
    return index === -1 ? items.findIndex(({ kind }) => kind === 'row') : index;
  });

  readonly onpointerenter = (event: PointerEvent): void => {
    this.#pointerInside = event.pointerType === 'mouse';
    this.#hold();
  };

  readonly onpointerleave = (): void => {
    this.#pointerInside = false;
    this.#hold();
  };

  readonly onfocusin = (event: FocusEvent): void => {
    this.#focusInside = true;
    const index = indexOf(event.target);
    if (index !== null) {
      this.#key = this.#around.items()[index]?.key ?? null;
      this.#around.list.keep(index);
    }
    this.#hold();
  };

  readonly onfocusout = (event: FocusEvent): void => {
    const { relatedTarget } = event;
    if (relatedTarget instanceof Node && this.#around.body().contains(relatedTarget)) return;
    this.#focusInside = false;
    this.#around.list.keep(null);
    this.#hold();
  };

  readonly onkeydown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    void this.#move(step);
  };

  #hold(): void {
    this.#around.onhold(this.#pointerInside || this.#focusInside);
  }

  async #move(step: number): Promise<void> {
    const { items, list, body } = this.#around;
    const index = stepTo(items(), this.index, step);
    const item = items()[index];
    if (item?.kind !== 'row') return;
    this.#key = item.key;
    list.keep(index);
    list.reveal(index);
    await tick();
    body()
      .querySelector<HTMLElement>(`[data-index="${String(index)}"] a[data-row]`)
      ?.focus({ preventScroll: true });
  }
}

function indexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset['index']) : null;
}
