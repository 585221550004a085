import { PLACE_NAMES, QUERY_FIELDS } from './query.ts';

/** A way to go on: `text` in place of the characters `[from, to)`. */
export interface Completion {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The names that a query can be made of. */
export interface QueryVocabulary {
  readonly metrics: readonly string[];
  readonly models: readonly string[];
}

const WORD_BEFORE = /[a-z][\w-]*$/iu;
const FIELD_BEFORE = /([a-z]+):([^\s,()]*)$/iu;

/** How the word at `caret` may go on, at most `most` ways: names that begin with it, then names that hold it. */
export function completeQuery(
  text: string,
  caret: number,
  { metrics, models }: QueryVocabulary,
  most = 6,
): Completion[] {
  const before = text.slice(0, caret);
  const [, field, start = ''] = FIELD_BEFORE.exec(before) ?? [];
  const word = field === undefined ? (WORD_BEFORE.exec(before)?.[0] ?? '') : start;
  if (field !== undefined && field.toLowerCase() !== 'model') return [];
  if (field === undefined && word === '') return [];
  const names =
    field === undefined
      ? [...metrics, ...PLACE_NAMES, ...QUERY_FIELDS.map((name) => `${name}:`), 'and', 'or', 'not']
      : models;
  const folded = word.toLowerCase();
  const found = names.filter((name) => name.toLowerCase().includes(folded) && name !== word);
  const ranked = found.sort((a, b) => starts(b, folded) - starts(a, folded));
  return ranked.slice(0, most).map((name) => ({ text: name, from: caret - word.length, to: caret }));
}

function starts(name: string, word: string): number {
  return name.toLowerCase().startsWith(word) ? 1 : 0;
}
