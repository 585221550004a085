import { isTyping } from '../is-typing.ts';
import { areSingleKeysOn } from '../single-keys.ts';

/*
 * `/` or Ctrl+K (Cmd+K), or the button of the header, on every page: the palette. Its code and its list of places are
 * fetched when it is first opened.
 */
const button = document.querySelector<HTMLButtonElement>('.find');

function open(): void {
  void import('./palette.ts').then(({ openPalette }) => {
    openPalette();
  });
}

/** Whether the focus is in a dialog that has just been closed, where Chromium leaves it for a moment. */
function isInClosedDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog:not([open])') !== null;
}

/** Whether `/` is text there, or nothing at all. */
function isSlashTaken(target: EventTarget | null): boolean {
  return !areSingleKeysOn() || (isTyping(target) && !isInClosedDialog(target));
}

if (button !== null) {
  button.hidden = false;
  button.addEventListener('click', open);
}
document.addEventListener('keydown', (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k';
  const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.defaultPrevented || !(isCommand || (isSlash && !isSlashTaken(event.target)))) return;
  if (document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  open();
});
