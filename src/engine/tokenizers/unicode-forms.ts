import { AlignedBuilder, type AlignedText } from './aligned-text.ts';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * A character with those that may combine with it or change places with each other. Besides marks these are two
 * half-width Japanese sound marks, two Kirat Rai vowels, and the parts of Korean syllables, which Unicode calls
 * letters. A run of marks is cut after 1,024: sorting it takes time quadratic in its length.
 */
const CLUSTER =
  /(?:[\u1100-\u1112\uAC00-\uD7A3\u3131-\u318E\uFFA0-\uFFDC][\u1161-\u1175\u11A8-\u11C2\u3131-\u318E\uFFA0-\uFFDC]+|[^])[\p{M}\uFF9E\uFF9F\u{16D67}\u{16D68}]{0,1024}/gu;

/**
 * `source` in a Unicode normalization form, aligned as the reference does it: the first character of a
 * decomposition stands for the source character and the rest share its place; a composed character has the
 * place of the first of those it was made from.
 */
export function toUnicodeForm(source: AlignedText, form: UnicodeForm): AlignedText {
  const builder = new AlignedBuilder();
  let unit = 0;
  for (const cluster of source.text.match(CLUSTER) ?? []) {
    alignCluster(cluster, form, source, unit, builder);
    unit += cluster.length;
  }
  return builder.build();
}

function alignCluster(
  cluster: string,
  form: UnicodeForm,
  source: AlignedText,
  from: number,
  builder: AlignedBuilder,
): void {
  const result = cluster.normalize(form);
  if (result === cluster) {
    builder.copy(source, from, from + cluster.length);
    return;
  }
  const waiting = decompose(cluster, form);
  const units = unitsOf(cluster, from);
  let done = 0; // source characters replaced so far
  for (const character of result) {
    const parts = form === 'NFC' || form === 'NFKC' ? Array.from(character.normalize('NFD')) : [character];
    const replaced = parts.reduce((sum, part) => sum + (waiting.get(part)?.pop() ?? 0), 0);
    // What replaces nothing was added after the character before it, and shares its place.
    const place = replaced > 0 ? done : Math.max(0, done - 1);
    builder.push(character, source, units[place] ?? from);
    done += replaced;
  }
}

/**
 * The decomposed characters of `cluster`, waiting to be used: for each, how many source characters its
 * occurrences replace, the last occurrence first. The first character of a decomposition replaces one, those
 * that it adds none.
 */
function decompose(cluster: string, form: UnicodeForm): Map<string, number[]> {
  const decomposed = form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD';
  const waiting = new Map<string, number[]>();
  for (const character of cluster) {
    let replaces = 1;
    for (const part of character.normalize(decomposed)) {
      const queue = waiting.get(part) ?? [];
      queue.push(replaces);
      waiting.set(part, queue);
      replaces = 0;
    }
  }
  for (const queue of waiting.values()) queue.reverse();
  return waiting;
}

function unitsOf(cluster: string, from: number): number[] {
  const units: number[] = [];
  let unit = from;
  for (const character of cluster) {
    units.push(unit);
    unit += character.length;
  }
  return units;
}
