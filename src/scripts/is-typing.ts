const TYPED = /^(?:email|number|password|search|tel|text|url)$/u;

/** Whether keys pressed on `target` write or choose something there, so that they mean nothing to the page. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return TYPED.test(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}
