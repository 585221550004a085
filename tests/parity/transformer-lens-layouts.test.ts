import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../../pipeline/runtime/pattern-session.ts';
import { largestDifference, readExpected } from './oracle-case.ts';

// The layouts that TransformerLens converts: the same weights, written as the first SoLU models and as minGPT have them,
// must give the same patterns.

const ROOT = join(import.meta.dirname, '../fixtures/oracle');

interface Matrix {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-layouts-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function readWeights(name: string): Promise<Map<string, Matrix>> {
  const { tensors } = await openCheckpoint(join(ROOT, name));
  const found = new Map<string, Matrix>();
  for (const [tensor, { file, offset, length, shape, dtype }] of tensors) {
    if (dtype !== 'F32') continue; // masks
    const bytes = await readFile(join(ROOT, name, file));
    const copy = Uint8Array.from(bytes.subarray(offset, offset + length));
    found.set(tensor, { shape, values: new Float32Array(copy.buffer) });
  }
  return found;
}

/** The last two axes swapped. */
function swapped({ shape, values }: Matrix): Matrix {
  const [columns = 1, rows = 1, ...rest] = shape.toReversed();
  const turned = values.map((_, at) => {
    const cell = at % (rows * columns);
    return values[at - cell + (cell % rows) * columns + Math.floor(cell / rows)] ?? NaN;
  });
  return { shape: [...rest.toReversed(), columns, rows], values: turned };
}

const reshaped = ({ values }: Matrix, ...shape: readonly number[]): Matrix => ({ shape, values });

async function writeCheckpoint(config: object, weights: ReadonlyMap<string, Matrix>): Promise<void> {
  const header: Record<string, object> = {};
  let end = 0;
  for (const [name, { shape, values }] of weights) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const parts = [...weights.values()].map(({ values }) => Buffer.from(values.buffer));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, json, ...parts]));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

async function compare(name: string): Promise<void> {
  const expected = readExpected(join(ROOT, name));
  const session = await openPatternSession(await openCheckpoint(folder));
  const run = await session.run(expected.ids('input_ids_0') ?? []);
  await session.close();
  const actual = [...(run.stacks.get('self')?.values() ?? [])].flatMap((pattern) => [...pattern]);
  expect(largestDifference(actual, expected.tensor('attentions_0')?.values ?? [])).toBeLessThan(2e-5);
}

const configOf = async (name: string) =>
  JSON.parse(await readFile(join(ROOT, name, 'config.json'), 'utf8')) as Record<string, unknown>;

describe("TransformerLens's older layouts", () => {
  it('reads the first SoLU models', async () => {
    const weights = await readWeights('tl-solu');
    const older = new Map(
      [...weights].map(([name, matrix]) => [
        name.replace('ln_final', 'norm').replace(/\bln/u, 'norm'),
        name.includes('W_') ? swapped(matrix) : matrix,
      ]),
    );
    const { normalization, ...config } = await configOf('tl-solu');
    await writeCheckpoint({ ...config, normalization_type: normalization }, older);
    await compare('tl-solu');
  });

  it('reads minGPT (Othello)', async () => {
    const weights = await readWeights('tl-gelu');
    const config = await configOf('tl-gelu');
    const [width, inner] = [config.d_model as number, config.d_mlp as number];
    const toMinGpt = (name: string, matrix: Matrix): [string, Matrix] | undefined => {
      const [count = 1, size = 1] = matrix.shape;
      const letter = { Q: 'query', K: 'key', V: 'value' }[/attn\.[Wb]_([QKV])$/u.exec(name)?.[1] ?? ''];
      const layer = name.split('.attn.')[0] ?? '';
      if (letter !== undefined && name.includes('W_')) {
        return [`${layer}.attn.${letter}.weight`, reshaped(swapped(matrix), width, width)];
      }
      if (letter !== undefined) return [`${layer}.attn.${letter}.bias`, reshaped(matrix, count * size)];
      if (name.endsWith('W_O')) {
        return [`${layer}.attn.proj.weight`, swapped(reshaped(matrix, width, width))];
      }
      if (name.endsWith('b_O')) return [`${layer}.attn.proj.bias`, matrix];
      if (name.endsWith('W_in'))
        return [name.replace('W_in', '0.weight'), swapped(reshaped(matrix, width, inner))];
      if (name.endsWith('W_out')) return [name.replace('W_out', '2.weight'), swapped(matrix)];
      if (name.endsWith('b_in')) return [name.replace('b_in', '0.bias'), matrix];
      if (name.endsWith('b_out')) return [name.replace('b_out', '2.bias'), matrix];
      if (name === 'embed.W_E') return ['tok_emb.weight', matrix];
      if (name === 'pos_embed.W_pos') return ['pos_emb', reshaped(matrix, 1, count, size)];
      if (name === 'unembed.W_U') return ['head.weight', swapped(matrix)];
      if (!name.includes('ln')) return undefined;
      return [name.replace('ln_final', 'ln_f').replace(/\.w$/u, '.weight').replace(/\.b$/u, '.bias'), matrix];
    };
    const entries = [...weights].flatMap(([name, matrix]) =>
      [toMinGpt(name, matrix)].filter((entry) => entry !== undefined),
    );
    await writeCheckpoint({ ...config, architecture: 'mingpt' }, new Map(entries));
    await compare('tl-gelu');
  });
});
