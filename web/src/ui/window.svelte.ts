import { MediaQuery } from 'svelte/reactivity';

/** A phone's width: rows have two lines there. */
export const smallWindow = new MediaQuery('width < 640px');
