import { isSigns, joint } from './unspaced-signs.ts';

/** A piece of an excerpt. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Words of an indexed text; positions of matches count these. */
export function wordsOf(content: string): string[] {
  return content.trim().split(/\s+/u);
}

/**
 * The `length` words that hold most matches, as pieces of text; an ellipsis stands where something was left out.
 *
 * @param words of the whole text
 * @param matches positions in `words`
 */
export function excerptOf(
  words: readonly string[],
  matches: readonly number[],
  length: number,
): ExcerptPart[] {
  const start = densest(words.length, matches, length);
  const end = Math.min(words.length, start + length);
  const found = new Set(matches);
  const parts: ExcerptPart[] = [];
  const add = (text: string, isMatch: boolean) => {
    const last = parts.at(-1);
    if (last?.isMatch === isMatch) parts[parts.length - 1] = { text: last.text + text, isMatch };
    else if (text !== '') parts.push({ text, isMatch });
  };
  if (start > 0) add('… ', false);
  for (let at = start; at < end; at++) {
    const word = words[at] ?? '';
    const before = at === start ? '' : joint(words[at - 1] ?? '', word);
    add(before, found.has(at) && found.has(at - 1) && before === '');
    add(word, found.has(at));
  }
  if (end < words.length) add(' …', false);
  return parts;
}

/** Where the window of `length` words with most matches begins, a little before its first match. */
function densest(count: number, matches: readonly number[], length: number): number {
  const sorted = matches.toSorted((a, b) => a - b);
  let best = 0;
  let most = 0;
  for (const [from, first] of sorted.entries()) {
    const held = sorted.filter((match, at) => at >= from && match < first + length).length;
    if (held > most) {
      most = held;
      const last = sorted[from + held - 1] ?? first;
      best = first - Math.floor((length - (last - first + 1)) / 2);
    }
  }
  return Math.max(0, Math.min(best, count - length));
}

/** Different words that were matched, without the punctuation around them; signs that stood together as one. */
export function matchedWords(words: readonly string[], matches: readonly number[], most: number): string[] {
  const found = new Set<string>();
  let run = '';
  let previous = NaN;
  for (const at of matches.toSorted((a, b) => a - b)) {
    const word = words[at] ?? '';
    const follows = at === previous + 1 && run !== '' && isSigns(run) && isSigns(word);
    if (!follows && run !== '') found.add(run);
    run = follows ? run + word : withoutEdges(word);
    previous = at;
  }
  if (run !== '') found.add(run);
  return [...found].slice(0, most);
}

function withoutEdges(word: string): string {
  const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
  return bare === '' ? word : bare;
}

/** Where `words` stand in `text` as whole words: UTF-16 positions `[start, end)`, ascending, not overlapping. */
export function findWords(text: string, words: readonly string[]): [start: number, end: number][] {
  const spans: [number, number][] = [];
  for (const word of words) {
    if (word === '') continue;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const end = at + word.length;
      if (isSigns(word) || (!goesOn(text.slice(0, at), word, true) && !goesOn(text.slice(end), word, false)))
        spans.push([at, end]);
    }
  }
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const apart: [number, number][] = [];
  for (const span of spans) if (span[0] >= (apart.at(-1)?.[1] ?? 0)) apart.push(span);
  return apart;
}

/** Whether a word that ends or begins in a letter or number goes on in the neighbouring text. */
function goesOn(neighbour: string, word: string, isBefore: boolean): boolean {
  const edge = isBefore ? /^[\p{L}\p{N}]/u : /[\p{L}\p{N}\p{M}]$/u;
  const beyond = isBefore ? /[\p{L}\p{N}\p{M}]$/u : /^[\p{L}\p{N}\p{M}]/u;
  return edge.test(word) && beyond.test(neighbour.slice(isBefore ? -2 : 0, isBefore ? undefined : 2));
}
