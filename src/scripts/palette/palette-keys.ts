export {};

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

/** Whether what is typed there is text. A dialog that has just been closed may hold the focus for a moment more. */
function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('dialog:not([open])') === null &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName))
  );
}

if (button !== null) {
  button.hidden = false;
  button.addEventListener('click', open);
}
document.addEventListener('keydown', (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k';
  const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.defaultPrevented || !(isCommand || (isSlash && !takesText(event.target)))) return;
  if (document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  open();
});
