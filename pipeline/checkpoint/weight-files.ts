import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import { headerLength, parseSafetensorsHeader, SAFETENSORS_PREAMBLE } from '../../src/engine/safetensors.ts';
import type { TensorEntry, TensorIndex } from '../../src/engine/tensors.ts';
import { readTorchTensors } from '../../src/engine/torch/torch-tensors.ts';
import type { ByteSource } from '../../src/engine/torch/zip-directory.ts';
import { fileSource } from '../file-source.ts';
import { locateFiles } from './locate-files.ts';
import { readJsonObject } from './read-json-file.ts';

/** The weights of a checkpoint as they lie on disk. */
export interface WeightFiles {
  /** File names in the checkpoint folder, sorted. */
  readonly files: readonly string[];
  /** Absolute; the folder that the tensors' locations start from. */
  readonly weightsFolder: string;
  readonly bytes: number;
  readonly tensors: TensorIndex;
}

/** Where weights are looked for, the first first: one file, or the index of several. */
export const WEIGHT_LAYOUTS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
  'model_final.pth', // of TransformerLens's own models
] as const;

/**
 * Reads the lists of tensors of the weight files, safetensors or PyTorch's zips, in one piece or in shards. No weight
 * is read.
 *
 * @throws AtlasError `model-file-missing`, `json-invalid`, `weights-header-invalid`, `weights-truncated`,
 *   `weights-pickle-refused`, `weights-legacy`
 */
export async function readWeightFiles(folder: string): Promise<WeightFiles> {
  const files = await weightFileNames(folder);
  const { weightsFolder, locations } = await locateFiles(folder, files);
  const tensors = new Map<string, TensorEntry>();
  let bytes = 0;
  for (const file of files) {
    const shard = await readList(folder, file);
    bytes += shard.bytes;
    const location = locations.get(file) ?? file;
    for (const [name, entry] of shard.tensors) tensors.set(name, { ...entry, location });
  }
  return { files, weightsFolder, bytes, tensors };
}

/**
 * The names of the weight files of a folder, whether all of them are there or not.
 *
 * @throws AtlasError `model-file-missing`, `json-invalid`
 */
export async function weightFileNames(folder: string): Promise<string[]> {
  const isFile = async (name: string) =>
    (await stat(join(folder, name)).catch(() => undefined))?.isFile() ?? false;
  for (const name of WEIGHT_LAYOUTS) {
    if (!(await isFile(name))) continue;
    return name.endsWith('.index.json') ? shardNames(join(folder, name)) : [name];
  }
  throw atlasError('model-file-missing', { name: WEIGHT_LAYOUTS[0] }, { file: folder });
}

/**
 * The names of the shards in an index, sorted.
 *
 * @throws AtlasError `json-invalid`
 */
export async function shardNames(path: string): Promise<string[]> {
  return shardsOf(await readJsonObject(path), path);
}

/** The same of an index that was read from `path`. */
export function shardsOf({ weight_map: map }: Readonly<Record<string, unknown>>, path: string): string[] {
  const names = typeof map === 'object' && map !== null ? Object.values(map) : [];
  const shards = [...new Set(names)].sort();
  // A shard is a file of this folder: a path that leads elsewhere would have the graph read foreign bytes.
  if (shards.length > 0 && shards.every(isPlainName)) return shards;
  throw atlasError(
    'json-invalid',
    { reason: 'Its weight_map names no files of this folder.' },
    { file: path },
  );
}

function isPlainName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w.-]+$/u.test(name) && !/^\.+$/u.test(name);
}

async function readList(
  folder: string,
  name: string,
): Promise<{ bytes: number; tensors: Map<string, TensorEntry> }> {
  const path = join(folder, name);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw atlasError('model-file-missing', { name }, { file: path }, error);
  });
  try {
    const source = fileSource(file, name, (await file.stat()).size);
    const tensors = name.endsWith('.safetensors') ? await readHeader(source) : await readTorchTensors(source);
    return { bytes: source.size, tensors };
  } finally {
    await file.close();
  }
}

async function readHeader(source: ByteSource): Promise<Map<string, TensorEntry>> {
  const length = headerLength(await source.read(0, SAFETENSORS_PREAMBLE), source.file, source.size);
  const json = await source.read(SAFETENSORS_PREAMBLE, length);
  return parseSafetensorsHeader(json, source.file, source.size);
}
