/** Where a visitor's choice is kept that single keys mean nothing (WCAG 2.2, 2.1.4). */
const STORED = 'atlas-keys';

/** Whether single keys without Ctrl or Cmd do something on the pages of this site. */
export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

/** Keeps the choice; where storage is refused, it is not kept. */
export function keepSingleKeys(isOn: boolean): void {
  try {
    localStorage.setItem(STORED, isOn ? 'on' : 'off');
  } catch {
    // The choice lasts for this page.
  }
}
