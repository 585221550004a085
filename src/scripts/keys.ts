import { isTyping } from './is-typing.ts';
import { areSingleKeysOn, keepSingleKeys } from './single-keys.ts';

/*
 * The list of keys, opened by `?` and by the button of the footer. A visitor whose voice or habit presses single keys
 * by accident can turn them off in it (WCAG 2.2, 2.1.4).
 */
const sheet = document.querySelector<HTMLDialogElement>('.key-sheet');
const choice = sheet?.querySelector('input');
const opener = document.querySelector<HTMLButtonElement>('.key-sheet-opener');

opener?.addEventListener('click', () => sheet?.showModal());
sheet?.addEventListener('click', ({ target }) => {
  if (target === sheet) sheet.close(); // the backdrop
});
if (choice != null) {
  choice.checked = areSingleKeysOn();
  choice.addEventListener('change', () => {
    keepSingleKeys(choice.checked);
  });
}
document.addEventListener('keydown', (event) => {
  if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (choice?.checked !== true || isTyping(event.target)) return;
  event.preventDefault();
  if (sheet?.open === true) sheet.close();
  else sheet?.showModal();
});
