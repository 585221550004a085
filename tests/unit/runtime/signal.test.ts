import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../../../pipeline/runtime/pattern-session.ts';
import type { ModelDescription } from '../../../src/engine/architectures/architecture.ts';
import { leastSamples, signalTokens } from '../../../src/engine/signal.ts';
import { changeConfig, copyFixture } from '../checkpoint/checkpoint-folder.ts';
import { codeOfAsync } from '../error-code.ts';

async function open(folder: string) {
  const checkpoint = await openCheckpoint(folder);
  const session = await openPatternSession(checkpoint);
  onTestFinished(() => session.close());
  return { session, description: checkpoint.description };
}

function arrayOf(shape: readonly number[]) {
  const count = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length: count }, (_, index) => Math.sin(index)) };
}

function convolutionsOf({ signal }: ModelDescription) {
  if (signal?.kind !== 'samples') throw new Error('The fixture reads sound');
  return signal.convolutions;
}

describe('runSignal', () => {
  it('gives as many tokens as the convolutions leave of the samples', async () => {
    const { session, description } = await open(copyFixture('wav2vec2'));
    const least = leastSamples(convolutionsOf(description));
    expect(least).toBe(10 + 5 * (8 - 1) + 5 * 4 * (4 - 1)); // each convolution reaches as far as its strides
    for (const [samples, tokens] of [
      [least, 1],
      [least + 79, 1],
      [least + 80, 2],
      [1999, 24],
    ] as const) {
      const { patterns } = await session.runSignal(arrayOf([1, samples]));
      expect([samples, patterns.get(0)?.length]).toEqual([samples, 4 * tokens ** 2]);
      if (description.signal !== undefined) {
        expect(signalTokens(description.signal, [1, samples])).toBe(tokens);
      }
    }
    expect(await codeOfAsync(() => session.runSignal(arrayOf([1, least - 1])))).toBe('model-input-wrong');
  });

  it('refuses pictures of another size, as the reference does, and numbers that are none', async () => {
    const { session } = await open(copyFixture('vit'));
    const codeOfShape = (...shape: number[]) => codeOfAsync(() => session.runSignal(arrayOf(shape)));
    expect(await codeOfShape(1, 3, 32, 32)).toBeUndefined();
    for (const shape of [[3, 32, 32], [1, 3, 32, 40], [2, 3, 32, 32], [1, 1, 32, 32], [1, 3072], []]) {
      expect(await codeOfShape(...shape)).toBe('model-input-wrong');
    }
    const withNaN = arrayOf([1, 3, 32, 32]);
    withNaN.values[7] = NaN;
    expect(await codeOfAsync(() => session.runSignal(withNaN))).toBe('model-input-wrong');
  });

  it('says what to give to a model that reads something else', async () => {
    const picture = await open(copyFixture('vit'));
    expect(await codeOfAsync(() => picture.session.run([1]))).toBe('model-input-wrong');
    const text = await open(copyFixture('gpt2'));
    expect(await codeOfAsync(() => text.session.runSignal(arrayOf([1, 2000])))).toBe('model-input-wrong');
  });
});

describe('models of pictures and sound', () => {
  it('are refused where a key is not understood', async () => {
    const folder = copyFixture('wav2vec2');
    for (const change of [
      { add_adapter: true },
      { adapter_attn_dim: 16 },
      { feat_proj_layer_norm: false },
      { some_new_key: 1 },
    ]) {
      changeConfig(folder, {
        add_adapter: undefined,
        adapter_attn_dim: undefined,
        feat_proj_layer_norm: undefined,
        some_new_key: undefined,
        ...change,
      });
      expect(await codeOfAsync(() => openCheckpoint(folder))).toBe('config-key-not-understood');
    }
  });

  it.each([
    ['wav2vec2', { conv_stride: [5, 4] }],
    ['wav2vec2', { conv_kernel: [10, 8, 0] }],
    ['hubert', { conv_dim: [] }],
    ['hubert', { feat_extract_norm: 'batch' }],
    ['hubert', { num_conv_pos_embedding_groups: 5 }],
    ['vit', { image_size: [32, 32, 32] }],
    ['vit', { image_size: [32, 0.5] }],
    ['vit', { patch_size: 64 }],
    ['vit', { num_attention_heads: 5 }],
  ])('are refused where a value has no meaning: %s %j', async (name, change) => {
    const folder = copyFixture(name);
    changeConfig(folder, change);
    expect(await codeOfAsync(() => openCheckpoint(folder))).toBe('config-value-invalid');
  });

  it('take the older names of a weight that is kept as length and direction', async () => {
    const [folder, renamed] = [copyFixture('hubert'), copyFixture('hubert')];
    const path = join(renamed, 'model.safetensors');
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE());
    const header = bytes
      .toString('latin1', 8, 8 + length)
      .replace('parametrizations.weight.original0', 'weight_g')
      .replace('parametrizations.weight.original1', 'weight_v');
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(0, 8), Buffer.from(header.padEnd(length)), bytes.subarray(8 + length)]),
    );
    const sound = arrayOf([1, 1500]);
    const [expected, actual] = await Promise.all(
      [folder, renamed].map(async (each) => (await open(each)).session.runSignal(sound)),
    );
    expect(actual).toEqual(expected);
  });
});
