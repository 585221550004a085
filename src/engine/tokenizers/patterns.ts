import { SplitPreTokenizer } from '@huggingface/tokenizers';
import { tokenizerInvalid } from './invalid.ts';

/** How a tokenizer file writes a pattern: a literal string, or a regular expression in Oniguruma's syntax. */
export type TextPattern = { readonly String: string } | { readonly Regex: string };

/** Consecutive UTF-16 ranges that cover a text, each a match or the text between matches. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly matched: boolean;
}

export type Matcher = (text: string) => Stretch[];

/** The characters of words in a regular expression of the reference (`\w`), for use between brackets. */
export const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;

const LONGEST_PATTERN = 20_000;
/** A bounded repetition with more turns than this counts as unbounded. */
const MANY = 64;

/**
 * A matcher for a pattern of a tokenizer file; regular expressions are translated by the tokenizers library.
 *
 * @throws AtlasError `tokenizer-invalid` for a pattern that cannot be translated, is longer than 20,000
 *   characters, or could take exponential time
 */
export function createMatcher(pattern: TextPattern): Matcher {
  if ('String' in pattern) return literalMatcher(pattern.String);
  if (pattern.Regex.length > LONGEST_PATTERN) {
    throw tokenizerInvalid(`A regular expression is ${pattern.Regex.length} characters long.`);
  }
  refuseExponential(pattern.Regex);
  const split = new SplitPreTokenizer({
    type: 'Split',
    pattern: { Regex: pattern.Regex },
    behavior: 'Isolated',
  });
  const regex = split.pattern;
  if (regex === null) throw tokenizerInvalid('A pattern is neither a string nor a regular expression.');
  return matcherOf(regex);
}

/** A matcher for a regular expression of JavaScript with the flag `g`. */
export function matcherOf(regex: RegExp): Matcher {
  return (text) => stretchesOf(text, matchesOf(text, regex));
}

function* matchesOf(text: string, regex: RegExp): Generator<[number, number]> {
  for (const match of text.matchAll(regex)) yield [match.index, match.index + match[0].length];
}

function literalMatcher(literal: string): Matcher {
  return (text) => stretchesOf(text, literal === '' ? [] : occurrencesOf(text, literal));
}

function* occurrencesOf(text: string, literal: string): Generator<[number, number]> {
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + literal.length)) {
    yield [at, at + literal.length];
  }
}

function stretchesOf(text: string, matches: Iterable<[number, number]>): Stretch[] {
  const stretches: Stretch[] = [];
  let done = 0;
  for (const [from, to] of matches) {
    if (from > done) stretches.push({ from: done, to: from, matched: false });
    stretches.push({ from, to, matched: true });
    done = to;
  }
  if (done < text.length) stretches.push({ from: done, to: text.length, matched: false });
  return stretches;
}

/**
 * Refuses an unbounded repetition of a group that holds another repetition or a choice, as in `(a+)+` or
 * `(a|aa)+`: a backtracking matcher can need time exponential in the text for it, and nothing can stop a
 * regular expression in JavaScript once it runs. No tokenizer of a known family is written so. Patterns that
 * need quadratic time at worst are let through; the length of the text bounds them.
 */
function refuseExponential(regex: string): void {
  const open: boolean[] = [];
  let inClass = 0;
  for (let i = 0; i < regex.length; i++) {
    const character = regex[i];
    if (character === '\\') i++;
    else if (character === '[') {
      inClass++;
      if (regex[i + 1] === '^') i++;
      if (regex[i + 1] === ']') i++; // a bracket that comes first stands for itself
    } else if (inClass > 0) inClass -= character === ']' ? 1 : 0;
    else if (character === '(') open.push(false);
    else if (character === '|' && open.length > 0) open[open.length - 1] = true;
    else if (character === ')') {
      const branching = open.pop() ?? false;
      const repeated = isUnbounded(regex, i + 1);
      if (branching && repeated) {
        throw tokenizerInvalid(
          `The regular expression ${JSON.stringify(regex.slice(0, 200))} repeats a group that itself repeats or branches, and could run for ever on some texts.`,
        );
      }
      if ((branching || repeated) && open.length > 0) open[open.length - 1] = true;
    } else if (isUnbounded(regex, i) && open.length > 0) open[open.length - 1] = true;
  }
}

function isUnbounded(regex: string, at: number): boolean {
  if (regex[at] === '*' || regex[at] === '+') return true;
  const braces = /^\{(\d*)(,?)(\d*)\}/u.exec(regex.slice(at, at + 24));
  if (braces === null) return false;
  const [, least = '', comma, most = ''] = braces;
  if (comma !== '' && most === '') return least !== '';
  return Number(most === '' ? least : most) > MANY;
}
