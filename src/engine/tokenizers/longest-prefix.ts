/** The UTF-16 units of the longest of some strings that `text` begins with at `at`; 0 where none does. */
export type LongestPrefix = (text: string, at: number) => number;

export function longestPrefix(strings: readonly string[]): LongestPrefix {
  const byFirst = Map.groupBy(
    strings.filter((one) => one !== '').toSorted((a, b) => b.length - a.length),
    (one) => one.charAt(0),
  );
  return (text, at) => byFirst.get(text.charAt(at))?.find((one) => text.startsWith(one, at))?.length ?? 0;
}
