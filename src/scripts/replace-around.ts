/** Sent to the document when the content of the page was replaced by that of another. */
export const PAGE_CHANGED = 'atlas:page';

/**
 * Replaces all that `root` holds by what `nextRoot` holds, but for `kept`, which stays in the document (and keeps focus
 * and pointer) in the place of `nextKept`. Both lie equally deep.
 */
export function replaceAround(root: Element, kept: Element, nextRoot: Element, nextKept: Element): void {
  const inside = childWith(root, kept);
  const nextInside = childWith(nextRoot, nextKept);
  if (inside === undefined || nextInside === undefined) return;
  const next = [...nextRoot.childNodes];
  const place = next.indexOf(nextInside);
  for (const child of [...root.childNodes]) if (child !== inside) child.remove();
  inside.before(...next.slice(0, place));
  inside.after(...next.slice(place + 1));
  if (inside !== kept) replaceAround(inside, kept, nextInside, nextKept);
}

function childWith(parent: Element, descendant: Element): Element | undefined {
  return [...parent.children].find((child) => child.contains(descendant));
}
