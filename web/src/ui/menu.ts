/** An entry of a menu: something to do, or one choice of several (`checked`), under its heading. */
export interface MenuEntry {
  label: string;
  act: () => void;
  checked?: boolean;
  /** The menu stays open: for switches that are set together. */
  stay?: true;
  /** Stands above the first entry of a group. */
  heading?: string;
}
