/** An entry of a menu: something to do, or one choice of several (`checked`), under its heading. */
export interface MenuEntry {
  label: string;
  /** Tells it apart where another group has an entry with the same label. */
  id?: string;
  /** Stands right: how many there are. */
  note?: string;
  act: () => void;
  /** Cannot be chosen now; `note` says why. */
  disabled?: boolean;
  checked?: boolean;
  /** The menu stays open: for switches that are set together. */
  stay?: true;
  /** Stands above the first entry of a group. */
  heading?: string;
}
