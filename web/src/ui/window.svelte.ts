import { MediaQuery } from 'svelte/reactivity';

/** A phone's width: rows have two lines there. */
export const smallWindow = new MediaQuery('width < 640px');

/** Little room from top to bottom: a phone, or a page that is zoomed in. */
export const lowWindow = new MediaQuery('(width < 640px) or (height < 560px)');

/** From which width of the window on something is shown. */
export type Breakpoint = 'huge' | 'wide' | 'medium' | 'small';

const from: Record<Breakpoint, MediaQuery> = {
  huge: new MediaQuery('width >= 1600px'),
  wide: new MediaQuery('width >= 1280px'),
  medium: new MediaQuery('width >= 960px'),
  small: new MediaQuery('width >= 640px'),
};

/** Whether the window is as wide as that. */
export const reaches = (breakpoint: Breakpoint): boolean => from[breakpoint].current;
