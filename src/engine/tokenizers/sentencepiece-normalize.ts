import type { AlignedText } from './aligned-text.ts';
import { readCharsmap } from './charsmap.ts';
import type { Normalizer } from './normalize.ts';
import { SPACE_MARK } from './piece-text.ts';
import type { SentencePieceModel } from './sentencepiece-model.ts';
import type { LongestPrefix } from './longest-prefix.ts';

const utf8 = new TextEncoder();

/**
 * SentencePiece's normalizer: replacements by the longest prefix in the table, spaces trimmed and joined, a space put
 * before the text, spaces marked. A user-defined piece is left as it is. Each character has the place of the prefix
 * that it was made from, and reaches to the place of the next.
 */
export function sentencePieceNormalizer(model: SentencePieceModel, userDefined: LongestPrefix): Normalizer {
  const charsmap = model.charsmap.length === 0 ? undefined : readCharsmap(model.charsmap);
  const space = model.escapesSpaces ? SPACE_MARK : ' ';

  /** What the text from unit `at` on begins with, and the units that it takes. */
  const nextPrefix = (text: string, at: number): { readonly made: string; readonly units: number } => {
    const whole = userDefined(text, at);
    if (whole > 0) return { made: text.slice(at, at + whole), units: whole };
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    // No key of a table is longer than a few characters; a longer stretch is not encoded anew for each place.
    const bytes = charsmap === undefined ? undefined : utf8.encode(text.slice(at, at + LONGEST_KEY));
    const found = bytes === undefined ? undefined : charsmap?.replacements(bytes, 0).at(-1);
    if (found === undefined || bytes === undefined) return { made: character, units: character.length };
    return { made: found.text, units: new TextDecoder().decode(bytes.subarray(0, found.length)).length };
  };

  return (source) => {
    const { text } = source;
    const placeOf = (unit: number): number => source.starts[unit] ?? source.ends.at(-1) ?? 0;
    const parts: string[] = [];
    const starts: number[] = [];
    const add = (part: string, place: number): void => {
      parts.push(part);
      for (let left = part.length; left > 0; left--) starts.push(place);
    };
    let at = 0;
    if (model.removesExtraSpaces) {
      while (at < text.length) {
        const { made, units } = nextPrefix(text, at);
        if (made !== ' ') break;
        at += units;
      }
    }
    if (at >= text.length) return { text: '', starts: new Int32Array(), ends: new Int32Array() };
    const isFirst = placeOf(0) === 0; // later stretches, after an added token, begin no text
    const prefix = model.addsDummyPrefix && isFirst;
    if (prefix && !model.spacesFollow) add(space, placeOf(at));
    let afterSpace = model.removesExtraSpaces;
    while (at < text.length) {
      const { made, units } = nextPrefix(text, at);
      const kept = afterSpace ? made.replace(/^ +/u, '') : made;
      add(kept.replaceAll(' ', space), placeOf(at));
      if (kept !== '') afterSpace = kept.endsWith(' ');
      if (!model.removesExtraSpaces) afterSpace = false;
      at += units;
    }
    return finish(parts.join(''), starts, placeOf(text.length), prefix);
  };

  function finish(joined: string, starts: number[], end: number, prefix: boolean): AlignedText {
    let text = joined;
    let last = end;
    while (model.removesExtraSpaces && text.endsWith(space)) {
      text = text.slice(0, -1);
      last = starts[text.length] ?? last;
    }
    const places = starts.slice(0, text.length);
    if (prefix && model.spacesFollow) {
      text += space;
      places.push(last);
    }
    return { text, starts: Int32Array.from(places), ends: endsOf(text, places, last) };
  }
}

/** Units of a text that a key of a table can have. */
const LONGEST_KEY = 32;

/** Each character ends where the next one begins. */
function endsOf(text: string, starts: readonly number[], last: number): Int32Array {
  const ends = new Int32Array(text.length);
  let unit = 0;
  for (const character of text) {
    const next = unit + character.length;
    ends.fill(starts[next] ?? last, unit, next);
    unit = next;
  }
  return ends;
}
