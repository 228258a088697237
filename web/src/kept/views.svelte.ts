import { type SavedView, viewsIn } from '../model/saved';
import { Stored } from './stored.svelte';

const stored = new Stored<readonly SavedView[]>('views', viewsIn);

/** Addresses of lists that somebody gave a name to. */
export const views = {
  get all(): readonly SavedView[] {
    return stored.value;
  },
  /** A view of that name is replaced. */
  save(view: SavedView): void {
    stored.value = [...stored.value.filter(({ name }) => name !== view.name), view];
  },
  remove(name: string): void {
    stored.value = stored.value.filter((view) => view.name !== name);
  },
};
