/** Letters and numbers of a text as words, in lower case and without accents. */
function words(text: string): string[] {
  return (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * Whether one of `found` is a form of a word of `term`. A search engine that knows no word which begins like the one
 * asked for falls back on ever shorter beginnings, down to one letter; at least half of the word must be left.
 *
 * @param found matches and titles of a result
 */
export function isFairMatch(term: string, found: readonly string[]): boolean {
  const asked = words(term);
  if (asked.length === 0) return true; // signs alone, such as “->”, are matched as they are
  const held = found.flatMap(words);
  return asked.some((word) => {
    const least = Math.max(1, Math.floor(word.length / 2));
    return held.some((candidate) => commonBeginning(word, candidate) >= least);
  });
}

function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
