/** What shortcuts reach on any page: `data-search`, `data-row`, `data-pause` and `data-refresh` mark it. */

/** Whether keys are letters there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Whether something lies over the page that has the keys to itself. */
export function isBusy(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"][data-state="open"]') !== null;
}

export const firstSearch = () => document.querySelector<HTMLInputElement>('input[data-search]');

/** Presses the page's button that is marked so. False where it has none. */
export function press(what: 'pause' | 'refresh'): boolean {
  const button = document.querySelector<HTMLButtonElement>(`button[data-${what}]`);
  button?.click();
  return button !== null;
}

/** Presses the button that decides so, in the row with the focus alone. False where it has none. */
export function decide(what: 'allow' | 'deny' | 'undo'): boolean {
  const row = document.activeElement?.closest('[data-decides]');
  const button = row?.querySelector<HTMLButtonElement>(`button[data-decide="${what}"]`);
  button?.click();
  return button !== null && button !== undefined;
}

/** Ticks the box of the row with the focus. False where it has none. */
export function choose(): boolean {
  const row = document.activeElement?.closest('tr');
  const box = row?.querySelector<HTMLInputElement>('input[data-choose]');
  box?.click();
  return box !== null && box !== undefined;
}

/** Moves the focus to the row after or before the focused one, or to the first that can be seen. */
export function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('#content [data-row]')];
  const index = rows.indexOf(document.activeElement as HTMLElement);
  const next = index === -1 ? (rows.find(isBelowHead) ?? rows[0]) : rows[index + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

const isBelowHead = (row: HTMLElement) => row.getBoundingClientRect().top >= headHeight;
/** The page's head and the table's, under which rows scroll. */
const headHeight = 92;
