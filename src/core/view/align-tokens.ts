/** Where each token of a text lies in it, in code points: start and end; both the same for a special token. */
export type TokenPlaces = readonly (readonly [start: number, end: number])[];

/**
 * The token of `to` that covers most of what the token `index` of `from` covers, both cuts of one text; the first of
 * several, and where none covers any of it (a space that one tokenizer drops) the next one after it. A special token
 * goes to the special token of the same rank at the same end of the text, or to the nearest token.
 */
export function alignToken(from: TokenPlaces, to: TokenPlaces, index: number): number {
  if (from === to) return index;
  const [start, end] = from[index] ?? [0, 0];
  if (start === end) return alignSpecial(from, to, index);
  let best = -1;
  let most = 0;
  for (const [at, [first, last]] of to.entries()) {
    const shared = Math.min(end, last) - Math.max(start, first);
    if (shared > most) [best, most] = [at, shared];
  }
  if (best >= 0) return best;
  const next = to.findIndex(([first, last]) => last > first && first >= end);
  return next >= 0 ? next : Math.max(0, to.length - 1 - trailing(to));
}

/** The same for an edge between tokens (or a place inside one): `position` counts tokens of `from` before it, 0..length. */
export function alignPosition(from: TokenPlaces, to: TokenPlaces, position: number): number {
  if (from === to) return position;
  if (position >= from.length) return to.length;
  const index = Math.floor(position);
  const [start, end] = from[index] ?? [0, 0];
  if (start === end) return alignSpecial(from, to, index) + (position - index);
  const character = start + (end - start) * (position - index);
  const at = to.findIndex(([first, last]) => last > first && last > character);
  const [first, last] = to[at] ?? [0, 0];
  if (at < 0) return to.length - trailing(to);
  return at + Math.max(0, (character - first) / (last - first));
}

function alignSpecial(from: TokenPlaces, to: TokenPlaces, index: number): number {
  if (index < leading(from)) return Math.min(index, Math.max(0, leading(to) - 1));
  const fromEnd = from.length - 1 - index;
  if (fromEnd < trailing(from)) return to.length - 1 - Math.min(fromEnd, Math.max(0, trailing(to) - 1));
  // One amid the text: what follows it there.
  return alignToken(from, to, index + 1);
}

function leading(places: TokenPlaces): number {
  const first = places.findIndex(([start, end]) => end > start);
  return first < 0 ? places.length : first;
}

function trailing(places: TokenPlaces): number {
  return places.length - 1 - places.findLastIndex(([start, end]) => end > start);
}
