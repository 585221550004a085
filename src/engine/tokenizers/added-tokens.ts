import { sliceAligned, type AlignedText } from './aligned-text.ts';
import type { AddedTokenDefinition } from './definition.ts';
import { WORD } from './patterns.ts';

/** A stretch of text: an added token that was found whole in it, or text for the model. */
interface Section {
  readonly text: AlignedText;
  readonly token: AddedTokenDefinition | undefined;
}

/** An added token and the text by which it is found: its content, or what the normalizer makes of that. */
export interface Sought {
  readonly content: string;
  readonly token: AddedTokenDefinition;
}

export type AddedTokenFinder = (text: AlignedText) => Section[];

/** Finds added tokens from left to right, the longest where several begin at one place. */
export function createAddedTokenFinder(sought: readonly Sought[]): AddedTokenFinder {
  const byFirstUnit = new Map<string, Sought[]>();
  for (const one of [...sought].sort((a, b) => b.content.length - a.content.length)) {
    if (one.content === '') continue;
    const group = byFirstUnit.get(one.content.charAt(0));
    if (group === undefined) byFirstUnit.set(one.content.charAt(0), [one]);
    else group.push(one);
  }
  const longestAt = (text: string, at: number): Sought | undefined =>
    byFirstUnit.get(text.charAt(at))?.find(({ content }) => text.startsWith(content, at));

  return (aligned) => {
    const { text } = aligned;
    const sections: Section[] = [];
    let done = 0;
    const add = (from: number, to: number, token?: AddedTokenDefinition): void => {
      if (to > from) sections.push({ text: sliceAligned(aligned, from, to), token });
    };
    for (let at = 0; at < text.length; at++) {
      const match = longestAt(text, at);
      if (match === undefined) continue;
      const { content, token } = match;
      const end = at + content.length;
      // A match inside a word is passed over whole, as in the reference, even if a shorter token begins in it.
      if (!token.single_word || standsAlone(text, at, end)) {
        const from = token.lstrip ? spacesBefore(text, at, done) : at;
        const to = token.rstrip ? spacesAfter(text, end) : end;
        add(done, from);
        add(from, to, token);
        done = to;
      }
      at = Math.max(end, done) - 1;
    }
    add(done, text.length);
    return sections;
  };
}

const ENDS_WITH_WORD = new RegExp(`[${WORD}]$`, 'u');
const STARTS_WITH_WORD = new RegExp(`^[${WORD}]`, 'u');

function standsAlone(text: string, from: number, to: number): boolean {
  // Two units hold the nearest character on each side.
  return (
    !ENDS_WITH_WORD.test(text.slice(Math.max(0, from - 2), from)) &&
    !STARTS_WITH_WORD.test(text.slice(to, to + 2))
  );
}

function spacesBefore(text: string, at: number, floor: number): number {
  let from = at;
  while (from > floor && /\p{White_Space}/u.test(text.charAt(from - 1))) from--;
  return from;
}

function spacesAfter(text: string, at: number): number {
  let to = at;
  while (to < text.length && /\p{White_Space}/u.test(text.charAt(to))) to++;
  return to;
}
