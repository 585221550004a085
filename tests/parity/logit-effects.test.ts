import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../../pipeline/runtime/pattern-session.ts';
import { largestDifference } from './oracle-case.ts';
import { storedFloats } from './stored-floats.ts';

// What a head's values do to logits, of families whose values depend on the token alone in their first layer: worked out from
// the weights in float64, beginning with what a head reads of a lone token.

interface Case {
  readonly name: string;
  /** Of layer 0: W_O `[width, heads * size]` as PyTorch stores it, and the norm of what attention writes, if there is one. */
  readonly output: string;
  readonly outputNorm?: string;
  readonly finalNorm: string;
  readonly isCentred: boolean;
  /** What is added to the weights of norms. */
  readonly offset?: number;
  readonly head: string;
}

const LLAMA = {
  output: 'layers.0.self_attn.o_proj.weight',
  finalNorm: 'model.norm.weight',
  isCentred: false,
  head: 'lm_head.weight',
};
const CASES: readonly Case[] = [
  { name: 'llama-gqa', ...LLAMA },
  { name: 'gemma', ...LLAMA, offset: 1, head: 'embed_tokens.weight' },
  {
    name: 'gemma2',
    ...LLAMA,
    outputNorm: 'layers.0.post_attention_layernorm.weight',
    offset: 1,
    head: 'embed_tokens.weight',
  },
  { name: 'olmo2', ...LLAMA, outputNorm: 'layers.0.post_attention_layernorm.weight' },
  { name: 'cohere', ...LLAMA, isCentred: true, head: 'embed_tokens.weight' },
  { name: 'deepseek-v2', ...LLAMA },
  {
    name: 'gpt-neox',
    output: 'layers.0.attention.dense.weight',
    finalNorm: 'final_layer_norm.weight',
    isCentred: true,
    head: 'embed_out.weight',
  },
  {
    name: 'mpt',
    output: 'blocks.0.attn.out_proj.weight',
    finalNorm: 'norm_f.weight',
    isCentred: true,
    head: 'wte.weight',
  },
];

/** A tensor whose name ends so, as rows. */
function weightOf({ tensors, folder }: Checkpoint, ending: string): number[][] {
  const [, entry] = [...tensors].find(([name]) => name.endsWith(ending)) ?? [];
  if (entry === undefined) throw new Error(`no tensor ends with ${ending}`);
  const bytes = readFileSync(join(folder, entry.file)).subarray(entry.offset, entry.offset + entry.length);
  const values = Array.from(storedFloats(entry.dtype, Uint8Array.from(bytes).buffer));
  const columns = entry.shape.at(-1) ?? 1;
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? NaN), 0);

it.each(CASES)('$name', async ({ name, output, outputNorm, finalNorm, isCentred, offset = 0, head }) => {
  const checkpoint = await openCheckpoint(join(import.meta.dirname, '../fixtures/oracle', name));
  const { heads = 0, layers = [] } = checkpoint.description.stacks[0] ?? {};
  const ids = [5, 17, 3, 60, 5, 41];
  const session = await openPatternSession(checkpoint, { extras: ['head-means', 'logit-effects'] });
  const ofLayer = async (read: readonly number[], extra: 'head-means' | 'logit-effects', layer = 0) =>
    (await session.run(read)).extras.heads.get(extra)?.get('self')?.get(layer) ?? new Float32Array();

  const [through, gain] = [weightOf(checkpoint, output), weightOf(checkpoint, finalNorm).flat()];
  const between = outputNorm === undefined ? undefined : weightOf(checkpoint, outputNorm).flat();
  const rows = weightOf(checkpoint, head);
  const average = gain.map((_, at) => mean(rows.map((row) => row[at] ?? NaN)));
  const expected: number[][][] = Array.from({ length: heads }, () => []);
  for (const id of ids) {
    const values = await ofLayer([id], 'head-means');
    const size = values.length / heads;
    for (let each = 0; each < heads; each++) {
      const value = [...values.subarray(each * size, (each + 1) * size)];
      const written = through.map((row) => dot(row.slice(each * size, (each + 1) * size), value));
      const added = written.map(
        (one, at) => one * (between === undefined ? 1 : (between[at] ?? NaN) + offset),
      );
      const centre = isCentred ? mean(added) : 0;
      const normed = added.map((one, at) => (one - centre) * ((gain[at] ?? NaN) + offset));
      expected[each]?.push(
        ids.map((token) =>
          dot(
            normed,
            average.map((one, at) => (rows[token]?.[at] ?? NaN) - one),
          ),
        ),
      );
    }
  }
  const given = await ofLayer(ids, 'logit-effects');
  const wanted = expected.flat(2);
  expect(given).toHaveLength(heads * ids.length ** 2);
  expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1e-3);
  expect(largestDifference(given, wanted)).toBeLessThan(1e-5 * Math.max(1, ...wanted.map(Math.abs)));
  const inParts = await openPatternSession(checkpoint, { extras: ['logit-effects'], layersAtOnce: 1 });
  const apart = (await inParts.run(ids)).extras.heads.get('logit-effects')?.get('self');
  for (const { index } of layers) {
    expect(apart?.get(index)).toEqual(await ofLayer(ids, 'logit-effects', index));
  }
  await Promise.all([session.close(), inParts.close()]);
});

it('is what a head adds to the logits, but for what it does to the scale of the last norm', async () => {
  const checkpoint = await openCheckpoint(join(import.meta.dirname, '../fixtures/oracle/tl-attn-only'));
  const { heads = 0, layers = [] } = checkpoint.description.stacks[0] ?? {};
  const last = layers.length - 1;
  const ids = Array.from({ length: 24 }, (_, at) => (7 * at + 5) % 96);
  const [n, query] = [ids.length, ids.length - 1];
  const options = { logits: true, headEdits: true, extras: ['logit-effects'] } as const;
  const session = await openPatternSession(checkpoint, options);
  /** How far each of the prompt's tokens lies above the mean, in the logits after the last. */
  const beyond = (logits: Float32Array = new Float32Array()) => {
    const ofQuery = [...logits.subarray((query * logits.length) / n)];
    return ids.map((id) => (ofQuery[id] ?? NaN) - mean(ofQuery));
  };
  const { logits, patterns, extras } = await session.run(ids);
  const effects = extras.heads.get('logit-effects')?.get('self')?.get(last) ?? new Float32Array();
  const shift = weightOf(checkpoint, 'ln_final.b').flat();
  const columns = weightOf(checkpoint, 'unembed.W_U'); // [width, vocabulary]
  const own = weightOf(checkpoint, 'unembed.b_U')
    .flat()
    .map(
      (bias, token) =>
        bias +
        dot(
          shift,
          columns.map((row) => row[token] ?? NaN),
        ),
    );
  const scaled = beyond(logits).map((one, at) => one - ((own[ids[at] ?? 0] ?? NaN) - mean(own)));
  for (let head = 0; head < heads; head++) {
    const step = 2 ** -7; // of the head is taken away: the logits then change in proportion
    const mask = new Float32Array(heads).fill(1);
    mask[head] = 1 - step;
    const less = beyond((await session.run(ids, { edits: [{ layer: last, mask }] })).logits);
    const rise = beyond(logits).map((one, at) => (one - (less[at] ?? NaN)) / step);
    const direct = ids.map((_, token) =>
      ids.reduce((sum, _id, key) => {
        const share = patterns.get(last)?.[(head * n + query) * n + key] ?? NaN;
        return sum + share * (effects[(head * n + key) * n + token] ?? NaN);
      }, 0),
    );
    // The scale of the norm changes all that it scales in one proportion: without that part, the two are in proportion.
    const apart = (values: readonly number[]) => {
      const share = dot(values, scaled) / dot(scaled, scaled);
      return values.map((value, at) => value - share * (scaled[at] ?? NaN));
    };
    const [given, wanted] = [apart(rise), apart(direct)];
    const cosine = dot(given, wanted) / Math.sqrt(dot(given, given) * dot(wanted, wanted));
    expect(cosine, `head ${head}`).toBeGreaterThan(0.999);
  }
  await session.close();
});
