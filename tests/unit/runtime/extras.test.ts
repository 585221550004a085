import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession, type SessionOptions } from '../../../pipeline/runtime/pattern-session.ts';
import type { HeadExtra } from '../../../src/engine/extras.ts';
import type { PatternRun } from '../../../src/engine/pattern-run.ts';
import { largestDifference } from '../../parity/oracle-case.ts';
import { storedFloats } from '../../parity/stored-floats.ts';
import { copyFixture } from '../checkpoint/checkpoint-folder.ts';

async function open(folder: string, options: SessionOptions) {
  const session = await openPatternSession(await openCheckpoint(folder), options);
  onTestFinished(() => session.close());
  return session;
}

/** A tensor in the fixture's model.safetensors: its numbers, and how to put zeros in their place. */
async function weightOf(folder: string, ending: string) {
  const { tensors } = await openCheckpoint(folder);
  const [, entry] = [...tensors].find(([name]) => name.endsWith(ending)) ?? [];
  if (entry === undefined) throw new Error(`no tensor ends with ${ending}`);
  const path = join(folder, entry.file);
  const bytes = readFileSync(path);
  const part = bytes.subarray(entry.offset, entry.offset + entry.length);
  return {
    shape: entry.shape,
    values: storedFloats(entry.dtype, Uint8Array.from(part).buffer),
    clear() {
      part.fill(0);
      writeFileSync(path, bytes);
    },
  };
}

function ofHeads({ extras }: PatternRun, name: HeadExtra, layer: number): Float32Array {
  return extras.heads.get(name)?.get('self')?.get(layer) ?? new Float32Array();
}

const ids = [5, 17, 3, 60, 2, 41];

describe('the extras of a run', () => {
  it.each([
    { name: 'gpt2', ending: 'h.1.attn.c_proj.weight', isInputsFirst: true },
    { name: 'gpt-neox', ending: 'layers.1.attention.dense.weight', isInputsFirst: false },
    { name: 'llama-gqa', ending: 'layers.1.self_attn.o_proj.weight', isInputsFirst: false },
  ])('gives the lengths of values behind W_O: $name', async ({ name, ending, isInputsFirst }) => {
    const folder = copyFixture(name);
    const session = await open(folder, { extras: ['value-norms', 'head-means'] });
    const matrix = await weightOf(folder, ending);
    const [inputs = 0, width = 0] = isInputsFirst ? matrix.shape : matrix.shape.toReversed();
    const weight = (row: number, column: number) =>
      matrix.values[isInputsFirst ? row * width + column : column * inputs + row] ?? NaN;
    // A lone token attends to itself alone: what its heads read on average is its value.
    const run = await session.run([17]);
    const [value, norms] = [ofHeads(run, 'head-means', 1), ofHeads(run, 'value-norms', 1)];
    const size = value.length / norms.length;
    const written = Array.from(norms, (_, head) => {
      const lengths = Array.from({ length: width }, (_column, column) =>
        value
          .subarray(head * size, (head + 1) * size)
          .reduce((sum, number, at) => sum + number * weight(head * size + at, column), 0),
      );
      return Math.hypot(...lengths);
    });
    expect(value).toHaveLength(inputs);
    expect(largestDifference(norms, written)).toBeLessThan(1e-6);
    expect(Math.min(...written)).toBeGreaterThan(1e-3);
  });

  it('gives the mean over tokens of what each head reads', async () => {
    const session = await open(copyFixture('llama-gqa'), { extras: ['head-means', 'value-norms'] });
    const run = await session.run(ids);
    const n = ids.length;
    const pattern = run.patterns.get(0) ?? new Float32Array();
    const heads = pattern.length / n ** 2;
    const means = ofHeads(run, 'head-means', 0);
    const size = means.length / heads;
    // Without positions in its values, the first layer's depend on the token alone; a lone token's mean is its value.
    const values: Float32Array[] = [];
    for (const id of ids) values.push(ofHeads(await session.run([id]), 'head-means', 0));
    const expected = Array.from(means, (_, at) => {
      const head = Math.floor(at / size);
      let sum = 0;
      for (let cell = 0; cell < n ** 2; cell++) {
        sum += (pattern[head * n ** 2 + cell] ?? NaN) * (values[cell % n]?.[at] ?? NaN);
      }
      return sum / n;
    });
    expect(largestDifference(means, expected)).toBeLessThan(1e-6);
  });

  it('gives scores, with -Infinity where a query does not see the key', async () => {
    const session = await open(copyFixture('gpt2'), { extras: ['scores'] });
    const scores = ofHeads(await session.run(ids), 'scores', 1);
    const n = ids.length;
    const isHidden = (at: number) => at % n > Math.floor(at / n) % n;
    expect(scores.every((score, at) => (isHidden(at) ? score === -Infinity : Number.isFinite(score)))).toBe(
      true,
    );
  });

  it('gives the likeliest next tokens, at most as many as there are', async () => {
    const session = await open(copyFixture('gpt2'), { extras: ['top-tokens', 'loss'], topTokens: 1000 });
    const { extras, logits } = await session.run(ids);
    expect(logits).toBeUndefined();
    expect(extras.topTokens?.count).toBe(96);
    expect(extras.topTokens?.ids).toHaveLength(ids.length * 96);
    expect(extras.loss).toHaveLength(ids.length - 1);
    expect((await session.run([3])).extras.loss).toHaveLength(0);
  });
});

describe('edits of heads', () => {
  const options = { logits: true, headEdits: true, extras: ['head-means'] } as const;

  it('leave a head as it is with a mask of 1, whatever stands for it', async () => {
    const session = await open(copyFixture('llama-gqa'), options);
    const plain = await session.run(ids);
    const heads = ofHeads(plain, 'head-means', 0).length;
    const count = (plain.patterns.get(0)?.length ?? 0) / ids.length ** 2;
    const edits = [
      { layer: 0, mask: new Float32Array(count).fill(1), replacement: new Float32Array(heads).fill(3) },
    ];
    expect((await session.run(ids, { edits })).logits).toEqual(plain.logits);
  });

  it('with masks of 0 leave the bias of the output alone', async () => {
    const folder = copyFixture('gpt2');
    const session = await open(folder, options);
    const edited = await session.run(ids, { edits: [{ layer: 0, mask: new Float32Array(4) }] });
    const plain = await session.run(ids);
    (await weightOf(folder, 'h.0.attn.c_proj.weight')).clear();
    const silent = await (await open(folder, { logits: true })).run(ids);
    expect(edited.logits).toEqual(silent.logits);
    expect(largestDifference(edited.logits ?? [], plain.logits ?? [])).toBeGreaterThan(1e-3);
  });

  it('put a replacement in the place of one head', async () => {
    const folder = copyFixture('gpt2');
    const session = await open(folder, options);
    const plain = await session.run([7]);
    const own = ofHeads(plain, 'head-means', 1); // of a lone token: what its heads read
    const swap = (replacement: Float32Array) =>
      session.run([7], { edits: [{ layer: 1, mask: Float32Array.of(1, 0, 1, 1), replacement }] });
    expect(largestDifference((await swap(own)).logits ?? [], plain.logits ?? [])).toBe(0);
    const other = await swap(own.map((value) => value + 1));
    expect(largestDifference(other.logits ?? [], plain.logits ?? [])).toBeGreaterThan(1e-3);
  });

  it('go without the layers that nothing asked for depends on', async () => {
    const session = await open(copyFixture('gpt2'), { headEdits: true });
    const run = await session.run(ids);
    const edited = await session.run(ids, { edits: [{ layer: 0, mask: Float32Array.of(0, 1, 1, 1) }] });
    expect(edited.patterns.get(0)).toEqual(run.patterns.get(0));
    expect(edited.patterns.get(1)).not.toEqual(run.patterns.get(1));
  });

  it('are refused where they fit no heads', async () => {
    const session = await open(copyFixture('gpt2'), options);
    await expect(session.run(ids, { edits: [{ layer: 2, mask: new Float32Array(4) }] })).rejects.toThrow(
      RangeError,
    );
    await expect(session.run(ids, { edits: [{ layer: 0, mask: new Float32Array(3) }] })).rejects.toThrow(
      RangeError,
    );
  });
});
