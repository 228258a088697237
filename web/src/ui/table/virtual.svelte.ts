import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  Virtualizer,
  type VirtualItem,
  windowScroll,
} from '@tanstack/virtual-core';
import { untrack } from 'svelte';

/** What covers the window's ends: the page's head with the table's, and the navigation of small windows. */
const coveredTop = 96;
const coveredBottom = 72;
/**
 * A wheel turned fast uncovers fifteen rows at once, which cost more than a frame: a few in each frame keep up with it and
 * with the hand.
 */
const newRowsPerFrame = 3;

/** Which rows of a long list the window shows. Rows have known heights, so nothing is measured. */
export class WindowList {
  visible = $state.raw<readonly VirtualItem[]>([]);
  total = $state(0);
  readonly #virtualizer: Virtualizer<Window, Element>;
  #kept: number | null = null;
  #layout = '';
  #frame: number | null = null;
  #budget = newRowsPerFrame;

  constructor() {
    this.#virtualizer = new Virtualizer<Window, Element>({
      count: 0,
      estimateSize: () => 0,
      overscan: 6,
      scrollPaddingStart: coveredTop,
      scrollPaddingEnd: coveredBottom,
      getScrollElement: () => window,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      initialRect: { width: innerWidth, height: innerHeight },
      rangeExtractor: this.#extractor(),
      onChange: () => {
        this.#read();
      },
    });
  }

  /** Made for an effect: observes the window until the returned function is called. */
  mount(): () => void {
    const unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#read();
    return () => {
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
      this.#frame = null;
      unmount();
    };
  }

  /**
   * `margin`: how far below the document's top the list begins. `layout`: another text wherever heights may be others than
   * before; only then they are asked for again.
   */
  update(count: number, heightOf: (index: number) => number, layout: string, margin: number): void {
    const { options } = this.#virtualizer;
    this.#virtualizer.setOptions({
      ...options,
      count,
      estimateSize: heightOf,
      scrollMargin: margin,
    });
    if (layout !== this.#layout) this.#virtualizer.measure();
    this.#layout = layout;
    this.#read();
  }

  reveal(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  /** A row that stays though it is out of sight: the one that has, or is about to get, the focus. */
  keep(index: number | null): void {
    this.#kept = index;
    // Another function, so that the range is made anew at once and not at the next scroll.
    this.#virtualizer.setOptions({
      ...this.#virtualizer.options,
      rangeExtractor: this.#extractor(),
    });
    this.#read();
  }

  #extractor(): (range: Range) => number[] {
    return (range) => this.#withKept(defaultRangeExtractor(range), range.count);
  }

  #withKept(indexes: number[], count: number): number[] {
    const kept = this.#kept;
    if (kept === null || kept >= count || indexes.includes(kept)) return indexes;
    return [...indexes, kept].sort((a, b) => a - b);
  }

  #read(): void {
    this.visible = this.#affordable(this.#virtualizer.getVirtualItems());
    this.total = this.#virtualizer.getTotalSize();
  }

  /** Of the rows that are wanted, those that are there and the few new ones that matter most; the next frame adds to them. */
  #affordable(wanted: readonly VirtualItem[]): readonly VirtualItem[] {
    // Untracked: the effect that updates the list must not wait for what it writes.
    const there = new Set(untrack(() => this.visible).map(({ index }) => index));
    const fresh = wanted.filter(({ index }) => index !== this.#kept && !there.has(index));
    if (fresh.length === 0) return wanted;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#budget = newRowsPerFrame;
      this.#read();
    });
    const middle = (this.#virtualizer.scrollOffset ?? 0) + innerHeight / 2;
    const far = ({ start, size }: VirtualItem) => Math.abs(start + size / 2 - middle);
    const late = new Set(fresh.sort((a, b) => far(a) - far(b)).slice(this.#budget));
    this.#budget -= fresh.length - late.size;
    return wanted.filter((item) => !late.has(item));
  }
}
