import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readModel } from '../../src/engine/architectures/index.ts';
import type { Model, ModelDescription } from '../../src/engine/architectures/architecture.ts';
import type { RawConfig } from '../../src/engine/config-reader.ts';
import type { TensorIndex } from '../../src/engine/tensors.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { readJsonObject } from './read-json-file.ts';
import { readWeightFiles } from './weight-files.ts';

/** A model folder whose config is understood and whose weights are listed. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: RawConfig;
  readonly model: Model;
  readonly description: ModelDescription;
  readonly tensors: TensorIndex;
  /** Names of the weight files in the folder. */
  readonly weightFiles: readonly string[];
  /** The folder that a graph of these tensors is loaded in: it holds the files that links in `folder` lead to. */
  readonly weightsFolder: string;
  readonly weightsBytes: number;
  /** Numbers in all tensors that are floating-point. */
  readonly parameters: number;
  /** The types of the tensors, the most frequent first: `float16`, or `float32, float16`. */
  readonly dtype: string;
  /** SHA-256 (hex) over the names and bytes of the weight files, in the order of their names. */
  weightsDigest(): Promise<string>;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F64: 'float64',
  F8_E4M3: 'float8',
  F8_E5M2: 'float8',
};

/**
 * Opens an ordinary Hugging Face folder.
 *
 * @throws AtlasError `model-folder-missing`, `model-file-missing`, `json-invalid`, `family-unknown`, and those of the
 *   config and the weights' headers
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const stats = await stat(folder).catch(() => undefined);
  if (!stats?.isDirectory()) {
    const known = await readdir(dirname(folder)).catch(() => []);
    throw atlasError('model-folder-missing', {
      path: folder,
      known: known.map((name) => join(dirname(folder), name)),
    });
  }
  const configPath = join(folder, 'config.json');
  const config = await readJsonObject(configPath);
  const model = readModel(config);
  const { files, weightsFolder, bytes, tensors } = await readWeightFiles(folder);
  return {
    folder,
    config,
    model,
    description: model.description,
    tensors,
    weightFiles: files,
    weightsFolder,
    weightsBytes: bytes,
    ...countParameters(tensors),
    weightsDigest: () => digestFiles(folder, files),
  };
}

function countParameters(tensors: TensorIndex): Pick<Checkpoint, 'parameters' | 'dtype'> {
  const counts = new Map<string, number>();
  for (const { dtype, shape } of tensors.values()) {
    const name = TYPE_NAMES[dtype];
    if (name === undefined) continue;
    counts.set(name, (counts.get(name) ?? 0) + shape.reduce((product, side) => product * side, 1));
  }
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  return {
    parameters: byCount.reduce((sum, [, count]) => sum + count, 0),
    dtype: byCount.map(([name]) => name).join(', ') || 'none',
  };
}

async function digestFiles(folder: string, files: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const file of files) {
    digest.update(`${file}\0`);
    for await (const chunk of createReadStream(join(folder, file), { highWaterMark: 1 << 20 })) {
      digest.update(chunk as Buffer);
    }
  }
  return digest.digest('hex');
}
