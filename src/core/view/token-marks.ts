/** A part of a token: letters as they are, or a mark in place of what cannot be seen. */
export interface TokenPart {
  readonly text: string;
  readonly isMark: boolean;
}

const MARKS: ReadonlyMap<string, string> = new Map([
  [' ', '·'],
  ['\n', '⏎'],
  ['\r', '␍'],
  ['\t', '⇥'],
  ['\u00a0', '⍽'],
]);
// Every other character that leaves no mark on paper: controls, format characters, odd spaces.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u;

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A token with marks for its leading and trailing spaces, and for newlines and other unseen characters anywhere.
 * Spaces between letters stay as they are. An empty token is the mark `∅`.
 */
export function tokenParts(token: string): TokenPart[] {
  if (token === '') return [{ text: '∅', isMark: true }];
  const parts: TokenPart[] = [];
  const first = token.search(/[^ ]/u);
  const letters = token.trimEnd().length;
  let at = 0;
  for (const character of token) {
    const isInner = character === ' ' && first >= 0 && at > first && at < letters;
    const mark = isInner ? undefined : markOf(character);
    at += character.length;
    const last = parts.at(-1);
    if (last?.isMark === (mark !== undefined)) {
      parts[parts.length - 1] = { text: last.text + (mark ?? character), isMark: last.isMark };
    } else {
      parts.push({ text: mark ?? character, isMark: mark !== undefined });
    }
  }
  return parts;
}

function markOf(character: string): string | undefined {
  const mark = MARKS.get(character);
  if (mark !== undefined) return mark;
  if (!UNSEEN.test(character)) return undefined;
  return `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** A token on one line, with marks, cut to `most` characters as a person counts them (an ellipsis among them). */
export function tokenLabel(token: string, most = Infinity): string {
  const label = tokenParts(token)
    .map((part) => part.text)
    .join('');
  const characters = Array.from(GRAPHEMES.segment(label), ({ segment }) => segment);
  return characters.length <= most ? label : `${characters.slice(0, most - 1).join('')}…`;
}
