import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AtlasTokenizer } from '../src/engine/tokenizers/tokenizer.ts';
import { random } from '../tests/unit/random.ts';

const FOLDER = resolve(import.meta.dirname, '../content/prompts');

/**
 * Texts of `least` to `most` tokens, none twice: words of the atlas's own prompts from random places on, the same in every
 * run.
 */
export function textPrompts(count: number, tokenizer: AtlasTokenizer, least = 64, most = 127): string[] {
  const numbers = random(7);
  const words = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').trim().split('\n'))
    .flatMap((line) => (JSON.parse(line) as { text: string }).text.split(/\s+/u));
  return Array.from({ length: count }, () => {
    const wanted = least + numbers.below(most - least + 1);
    const start = numbers.below(words.length);
    const taken = Array.from({ length: most }, (_, at) => words[(start + at) % words.length] ?? '');
    const codePoints = [...taken.join(' ')];
    const { offsets } = tokenizer.encode(codePoints.join(''), { special: false });
    return codePoints.slice(0, offsets[wanted - 1]?.[1]).join('');
  });
}
