import { agentKey } from '../model/keys';
import { type Note, notesIn } from '../model/saved';
import { Stored } from './stored.svelte';

const stored = new Stored<readonly Note[]>('notes', notesIn);

/** What somebody wrote about an agent, in this browser. */
export const notes = {
  /** Empty: nothing. */
  of: (gateway: string, id: string): string => textOf(agentKey(gateway, id)),
  write(gateway: string, id: string, text: string): void {
    const key = agentKey(gateway, id);
    const others = stored.value.filter((note) => note.key !== key);
    stored.value = text.trim() === '' ? others : [...others, { key, text: text.trim() }];
  },
};

const textOf = (wanted: string) => stored.value.find(({ key }) => key === wanted)?.text ?? '';
