/*
 * Scripts that are written without spaces between words. Pagefind cuts texts at spaces, so their signs are indexed one
 * by one: any part of such a text can then be found, whatever a dictionary takes for a word.
 */
const SIGN =
  '(?:[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u30FC]\\p{M}*)';
const SIGNS = new RegExp(SIGN, 'gu');
const ONLY_SIGNS = new RegExp(`^${SIGN}+$`, 'u');
/** Signs, and the punctuation that stands between them without spaces. */
const TIGHT = new RegExp(`^(?:${SIGN}|[\\u3000-\\u303F\\uFF00-\\uFF65])+$`, 'u');

/** The text with a space on either side of each sign of a script that has none. */
export function separateSigns(text: string): string {
  return text.replace(SIGNS, ' $& ');
}

/** Whether `word` is nothing but signs of scripts that are written without spaces. */
export function isSigns(word: string): boolean {
  return ONLY_SIGNS.test(word);
}

/** What stands between two neighbouring words of a separated text: nothing where its signs stood together. */
export function joint(before: string, after: string): '' | ' ' {
  return TIGHT.test(before) && TIGHT.test(after) ? '' : ' ';
}

/**
 * What Pagefind is asked for `query`. A run of signs alone is a phrase, so that they are found in this order; among
 * other words, each sign is a word of its own.
 */
export function searchTerm(query: string): string {
  const term = query.trim();
  const separated = separateSigns(term).replace(/\s+/gu, ' ').trim();
  return isSigns(term) ? `"${separated}"` : separated;
}
