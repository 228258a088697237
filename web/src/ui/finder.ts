import type { Status } from '../model/status';

/** Something that can be found and chosen. */
export interface Choice {
  /** Unlike any other on the list. */
  id: string;
  label: string;
  detail?: string;
  mark?: Status;
  /** The shortcut that does the same. */
  keys?: readonly string[];
  act: () => void;
}

export interface ChoiceGroup {
  heading: string;
  choices: readonly Choice[];
}
