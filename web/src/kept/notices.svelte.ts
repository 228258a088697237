import { Stored } from './stored.svelte';

const stored = new Stored<boolean>('notices', (value) => value === true);

/** Whether somebody wants this browser to notify them of trouble while its page is hidden. */
export const notices = {
  get wanted(): boolean {
    return stored.value;
  },
  want(wanted: boolean): void {
    stored.value = wanted;
  },
};
