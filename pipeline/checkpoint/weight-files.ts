import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import { headerLength, parseSafetensorsHeader, SAFETENSORS_PREAMBLE } from '../../src/engine/safetensors.ts';
import type { TensorEntry, TensorIndex } from '../../src/engine/tensors.ts';
import { readJsonObject } from './read-json-file.ts';

/** The weights of a checkpoint as they lie on disk. */
export interface WeightFiles {
  /** File names in the checkpoint folder, sorted. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly tensors: TensorIndex;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/**
 * Reads the headers of `model.safetensors`, or of the shards that `model.safetensors.index.json` names. No weight
 * is read.
 *
 * @throws AtlasError `model-file-missing`, `json-invalid`, `weights-header-invalid`, `weights-truncated`
 */
export async function readWeightFiles(folder: string): Promise<WeightFiles> {
  const files = await weightFileNames(folder);
  const tensors = new Map<string, TensorEntry>();
  let bytes = 0;
  for (const file of files) {
    const shard = await readHeader(folder, file);
    bytes += shard.bytes;
    for (const [name, entry] of shard.tensors) tensors.set(name, entry);
  }
  return { files, bytes, tensors };
}

async function weightFileNames(folder: string): Promise<string[]> {
  const isFile = async (name: string) =>
    (await stat(join(folder, name)).catch(() => undefined))?.isFile() ?? false;
  if (await isFile(SINGLE)) return [SINGLE];
  const path = join(folder, INDEX);
  if (!(await isFile(INDEX))) throw atlasError('model-file-missing', { name: SINGLE }, { file: folder });
  const { weight_map: map } = await readJsonObject(path);
  const names = typeof map === 'object' && map !== null ? Object.values(map) : [];
  const shards = [...new Set(names)].sort();
  // A shard is a file of this folder: a path that leads elsewhere would have the graph read foreign bytes.
  if (
    shards.length === 0 ||
    !shards.every((name) => typeof name === 'string' && /^[\w.-]+$/u.test(name) && !/^\.+$/u.test(name))
  ) {
    throw atlasError(
      'json-invalid',
      { reason: 'Its weight_map names no files of this folder.' },
      { file: path },
    );
  }
  return shards as string[];
}

async function readHeader(
  folder: string,
  name: string,
): Promise<{ bytes: number; tensors: Map<string, TensorEntry> }> {
  const path = join(folder, name);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw atlasError('model-file-missing', { name }, { file: path }, error);
  });
  try {
    const { size } = await file.stat();
    const readAt = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    const length = headerLength(await readAt(0, SAFETENSORS_PREAMBLE), name, size);
    const json = await readAt(SAFETENSORS_PREAMBLE, length);
    return { bytes: size, tensors: parseSafetensorsHeader(json, name, size) };
  } finally {
    await file.close();
  }
}
