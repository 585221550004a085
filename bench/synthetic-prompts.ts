import type { PromptRecord } from '../src/schema/records.ts';
import { random as seeded } from '../tests/unit/random.ts';

const VOCABULARY = 20_000;
const SYLLABLES = 'ka lo mi tu ren sa vel do pri nu bar fen gos hil jor qua tem wes yon zel'.split(' ');

/** Words that can be said, the first the shortest: word `rank` is about as common as 1 / rank (Zipf 1949). */
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return word;
}

/**
 * Prompts of 40 to 160 words in sentences, made from nothing but `seed`, each shaped like the records of `like`: on
 * their models, in their sets.
 */
export function syntheticPrompts(count: number, like: readonly PromptRecord[], seed: number): PromptRecord[] {
  const numbers = seeded(seed);
  const zipf = () => Math.min(VOCABULARY - 1, Math.floor(VOCABULARY ** numbers.next()) - 1);
  return Array.from({ length: count }, (_, number) => {
    const model = like[number % like.length];
    if (model === undefined) throw new RangeError('There is no record to follow');
    const sentences: string[] = [];
    for (let left = 40 + numbers.below(120); left > 0; left -= 10) {
      const words = Array.from({ length: Math.min(10, left) }, () => wordOf(zipf()));
      sentences.push(`${words.join(' ')}.`);
    }
    const text = `${sentences.join(' ')} ${String(number)}`;
    return {
      ...model,
      id: number.toString(36).padStart(22, '0'),
      title: sentences[0]?.slice(0, 40) ?? '',
      text,
      characters: text.length,
    };
  });
}
