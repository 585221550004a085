import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpz, type NpzMember } from '../../../src/core/npz/npz.ts';
import { patternMember } from '../../../src/core/npz/pattern-members.ts';
import { promptIdOf } from '../../../pipeline/prompts/prompt.ts';
import { random, type Random } from '../random.ts';

/** Patterns of one layer, `[1, heads, n, n]`: a softmax of random scores a row, of the keys up to it if causal. */
export function madeUpPatterns(source: Random, heads: number, n: number, isCausal = true): Float32Array {
  const values = new Float32Array(heads * n * n);
  for (let row = 0; row < heads * n; row++) {
    const keys = isCausal ? (row % n) + 1 : n;
    const weights = Array.from({ length: keys }, () => Math.exp(6 * source.next()));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [key, weight] of weights.entries()) values[row * n + key] = weight / sum;
  }
  return values;
}

/** The arrays of a decoder with `layers` layers on `n` tokens. */
export function madeUpMembers(layers: number, heads: number, n: number, seed = 1): NpzMember[] {
  const source = random(seed);
  return Array.from({ length: layers }, (_, layer) => ({
    name: patternMember('self', layer),
    shape: [1, heads, n, n],
    values: madeUpPatterns(source, heads, n),
  }));
}

export interface MadeUpPrompt {
  readonly text: string;
  readonly tokens: readonly string[];
}

/** Two prompts as a byte-level tokenizer cuts them. */
export const PROMPTS: readonly MadeUpPrompt[] = [
  { text: 'the cat saw the cat', tokens: ['the', 'Ġcat', 'Ġsaw', 'Ġthe', 'Ġcat'] },
  { text: 'naïve\nends', tokens: ['na', 'Ã¯', 've', 'Ċ', 'ends'] },
];

const LAYERS = 2;
const HEADS = 3;

/** Writes a model as pattern-lens does, with a BOS row in each pattern; returns the folder of each prompt. */
export function writeModel(folder: string, name: string, prompts = PROMPTS): string[] {
  const model = join(folder, name);
  mkdirSync(model, { recursive: true });
  const config = {
    model_name: name,
    n_layers: LAYERS,
    n_heads: HEADS,
    d_model: 64,
    tokenizer_name: 'made-up',
  };
  writeFileSync(join(model, 'model_cfg.json'), JSON.stringify(config));
  const rows = prompts.map(({ text, tokens }) => {
    return { text, meta: { from: 'here' }, hash: promptIdOf(text), n_tokens: tokens.length, tokens };
  });
  writeFileSync(join(model, 'prompts.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return rows.map((row, index) => {
    const own = join(model, 'prompts', row.hash);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'prompt.json'), JSON.stringify(row));
    writeNpz(own, madeUpMembers(LAYERS, HEADS, row.n_tokens + 1, index + 1));
    return own;
  });
}

/** Writes an npz file into the folder of a prompt. */
function writeNpz(folder: string, members: readonly NpzMember[]): void {
  writeFileSync(join(folder, 'activations.npz'), encodeNpz(members));
}
