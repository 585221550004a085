import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../../pipeline/runtime/pattern-session.ts';
import { EXTRA_NAMES } from '../../src/engine/extras.ts';
import { largestDifference, readCase, readExpected } from './oracle-case.ts';

// What is asked for beside the patterns, of every family: each is held to what the patterns and logits say of it.

const ROOT = join(import.meta.dirname, '../fixtures/oracle');
/** Families with more than a matrix between their heads and the stream, so that their values have no norms. */
const WITHOUT_NORMS = [
  'afmoe',
  'bitnet',
  'jetmoe',
  'laguna',
  'muse-glimmer',
  'qwen3-5-moe-text',
  'qwen3-5-text',
  'qwen3-next',
];

/** Families whose heads are normalised together with the stream, or write to it by more than a norm and a matrix. */
const WITHOUT_EFFECTS = [
  'bloom-post-ln',
  'gemma3n-text',
  'gemma4-text',
  'modernbert-decoder',
  'openai-gpt',
  'opt-350m-style',
  'zamba2',
];

const texts = readdirSync(ROOT).filter(
  (name) => readExpected(join(ROOT, name)).ids('input_ids_0') !== undefined,
);

describe.each(texts)('%s', (name) => {
  const folder = join(ROOT, name);
  const expected = readExpected(folder);
  const ids = expected.ids('input_ids_0') ?? [];
  const decoderIds = expected.ids('decoder_input_ids_0');
  const options = decoderIds === undefined ? {} : { decoderIds };
  const info = readCase(folder);
  const isDecoder = info.kind !== 'encoder';

  it('gives the same patterns and logits beside extras, and what agrees with them', async () => {
    const checkpoint = await openCheckpoint(folder);
    const plain = await openPatternSession(checkpoint, { logits: true });
    const asked = { logits: true, extras: EXTRA_NAMES, topTokens: 5, headEdits: true };
    const session = await openPatternSession(checkpoint, asked);
    const alone = await plain.run(ids, options);
    const { extras, ...run } = await session.run(ids, options);
    await Promise.all([plain.close(), session.close()]);

    expect(alone.extras).toEqual({ heads: new Map(), unavailable: new Set() });
    for (const [stack, layers] of alone.stacks) {
      for (const [layer, pattern] of layers) {
        expect(largestDifference(run.stacks.get(stack)?.get(layer) ?? [], pattern)).toBe(0);
      }
    }
    expect(largestDifference(run.logits ?? [], alone.logits ?? [])).toBe(0);
    const lacksNorms = WITHOUT_NORMS.includes(name);
    const lacksEffects =
      lacksNorms || !isDecoder || WITHOUT_EFFECTS.includes(name) || decoderIds !== undefined;
    const missing = [...(lacksNorms ? ['value-norms'] : []), ...(lacksEffects ? ['logit-effects'] : [])];
    const hasTokens = isDecoder && alone.logits !== undefined;
    expect([...extras.unavailable]).toEqual([...missing, ...(hasTokens ? [] : ['loss', 'top-tokens'])]);

    for (const [stack, layers] of alone.stacks) {
      const { heads = 0 } = checkpoint.description.stacks.find((entry) => entry.stack === stack) ?? {};
      for (const [layer, pattern] of layers) {
        const values = (
          extra: (typeof EXTRA_NAMES)[number] & ('scores' | 'value-norms' | 'head-means' | 'logit-effects'),
        ) => extras.heads.get(extra)?.get(stack)?.get(layer);
        const keys = stack === 'decoder' ? (decoderIds ?? []).length : ids.length;
        // Where there are sinks, a row of scores lacks one that takes part in the softmax.
        if (info.rows_sum_to_one) {
          expect(largestDifference(softmaxOf(values('scores') ?? [], keys), pattern)).toBeLessThan(1e-5);
        }
        expect(values('scores')?.length).toBe(pattern.length);
        expect((values('head-means')?.length ?? 0) % heads).toBe(0);
        if (!lacksEffects) {
          expect(values('logit-effects')).toHaveLength(heads * keys * keys);
          expect(values('logit-effects')?.every(Number.isFinite)).toBe(true);
        }
        if (lacksNorms) continue;
        expect(values('value-norms')).toHaveLength(heads * keys);
        expect(values('value-norms')?.every((norm) => Number.isFinite(norm) && norm >= 0)).toBe(true);
      }
    }
    if (!hasTokens) return;
    const read = decoderIds ?? ids;
    const shares = logShares(alone.logits, read.length);
    const loss = read.slice(1).map((id, place) => -(shares[place]?.[id] ?? NaN));
    expect(largestDifference(extras.loss ?? [], loss)).toBeLessThan(2e-5);
    for (const [place, row] of shares.entries()) {
      for (let rank = 0; rank < 5; rank++) {
        const id = extras.topTokens?.ids[place * 5 + rank] ?? -1;
        const probability = extras.topTokens?.probabilities[place * 5 + rank] ?? NaN;
        expect(Math.abs(probability - Math.exp(row[id] ?? NaN))).toBeLessThan(1e-5);
        const likelier = row.filter((share) => share > (row[id] ?? NaN) + 1e-5).length;
        expect(likelier).toBeLessThanOrEqual(rank);
      }
    }
  });
});

/** Softmax over rows of `keys` scores, in float64. */
function softmaxOf(scores: ArrayLike<number>, keys: number): number[] {
  return Array.from({ length: scores.length / keys }, (_, row) => {
    const line = Array.from({ length: keys }, (_key, key) => scores[row * keys + key] ?? NaN);
    return logSoftmax(line).map(Math.exp);
  }).flat();
}

/** Log probabilities of the next token, in float64, a row a token. */
function logShares(logits: Float32Array, rows: number): number[][] {
  const width = logits.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    logSoftmax([...logits.subarray(row * width, (row + 1) * width)]),
  );
}

function logSoftmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const total = Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0)) + most;
  return values.map((value) => value - total);
}
