import { atlasError } from '../../schema/errors/index.ts';
import type { TensorEntry } from '../tensors.ts';
import { PickleGlobal, unpickle, type PickleValue } from './unpickle.ts';
import { entryOffset, readAll, readZipDirectory, type ByteSource, type ZipEntry } from './zip-directory.ts';

/** Types of storages, and the bytes of one number. */
const STORAGES: Readonly<Record<string, readonly [dtype: string, bytes: number]>> = {
  'torch.FloatStorage': ['F32', 4],
  'torch.HalfStorage': ['F16', 2],
  'torch.BFloat16Storage': ['BF16', 2],
  'torch.DoubleStorage': ['F64', 8],
  'torch.LongStorage': ['I64', 8],
  'torch.IntStorage': ['I32', 4],
  'torch.ShortStorage': ['I16', 2],
  'torch.CharStorage': ['I8', 1],
  'torch.ByteStorage': ['U8', 1],
  'torch.BoolStorage': ['BOOL', 1],
};
/** No pickle of weights comes near it: a hundred bytes a tensor. */
const MOST_PICKLE = 64 * 2 ** 20;

class Storage {
  readonly type: string;
  readonly key: string;
  constructor(type: string, key: string) {
    this.type = type;
    this.key = key;
  }
}

class StoredTensor {
  readonly storage: Storage;
  readonly start: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: Storage, start: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.start = start;
    this.shape = shape;
    this.strides = strides;
  }
}

/**
 * The tensors of a file that PyTorch saved (1.6 or newer: a zip). Only its list of tensors is read, by a reader that
 * knows how tensors are made and runs nothing; the numbers stay where they are, uncompressed.
 *
 * @throws AtlasError `weights-header-invalid`, `weights-truncated`, `weights-pickle-refused`, `weights-legacy`
 */
export async function readTorchTensors(source: ByteSource): Promise<Map<string, TensorEntry>> {
  const { file } = source;
  const first = await source.read(0, 2);
  if (first[0] === 0x80) throw atlasError('weights-legacy', {}, { file });
  const entries = await readZipDirectory(source);
  const packed = entries.find(({ method, length, unpacked }) => method !== 0 || length !== unpacked);
  if (packed !== undefined) throw invalid(file, `Its entry ${packed.name} is compressed.`);
  const list = entries.find(({ name }) => /^[^/]*\/data\.pkl$|^data\.pkl$/u.test(name));
  if (list === undefined) throw invalid(file, 'It has no data.pkl.');
  if (list.length > MOST_PICKLE) throw invalid(file, `Its data.pkl has ${list.length} bytes.`);
  const pickle = await readAll(source, await entryOffset(source, list), list.length);
  const root = unpickle(pickle, file, world(file));
  if (!(root instanceof Map)) throw invalid(file, 'It holds no dictionary of tensors.');

  const folder = list.name.replace(/data\.pkl$/u, '');
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const starts = new Map<string, number>();
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of root) {
    if (typeof name !== 'string' || !(value instanceof StoredTensor)) continue;
    const entry = byName.get(`${folder}data/${value.storage.key}`);
    if (entry === undefined) throw invalid(file, `The numbers of the tensor ${name} are missing.`);
    const start = starts.get(entry.name) ?? (await entryOffset(source, entry));
    starts.set(entry.name, start);
    tensors.set(name, place(name, value, file, start, entry));
  }
  return tensors;
}

function place(
  name: string,
  tensor: StoredTensor,
  file: string,
  offset: number,
  { length }: ZipEntry,
): TensorEntry {
  const { storage, start, shape, strides } = tensor;
  const type = Object.hasOwn(STORAGES, storage.type) ? STORAGES[storage.type] : undefined;
  if (type === undefined) throw invalid(file, `The tensor ${name} has the unknown type ${storage.type}.`);
  const [dtype, bytes] = type;
  const size = shape.reduce((product, side) => product * side, bytes);
  if (!isContiguous(shape, strides)) throw invalid(file, `The tensor ${name} is stored in strides.`);
  if (start * bytes + size > length) throw invalid(file, `The tensor ${name} is larger than its storage.`);
  return { dtype, shape, file, offset: offset + start * bytes, length: size };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] ?? 1;
  }
  return true;
}

function world(file: string) {
  return {
    persistent(id: PickleValue): PickleValue {
      const [kind, type, key] = (Array.isArray(id) ? id : []) as readonly PickleValue[];
      if (kind !== 'storage' || !(type instanceof PickleGlobal) || typeof key !== 'string') {
        throw invalid(file, 'It refers to something that is no storage.');
      }
      return new Storage(type.name, key);
    },
    call(name: string, args: readonly PickleValue[]): PickleValue | undefined {
      if (name === 'collections.OrderedDict') return new Map<PickleValue, PickleValue>();
      if (name === 'torch._utils._rebuild_parameter') return args[0];
      if (name === 'torch.Size') return args[0];
      if (name !== 'torch._utils._rebuild_tensor_v2') return undefined;
      const [storage, start, shape, strides] = args;
      if (!(storage instanceof Storage) || !isCount(start) || !isCounts(shape) || !isCounts(strides)) {
        throw invalid(file, 'It describes a tensor that cannot be.');
      }
      if (shape.length !== strides.length) throw invalid(file, 'It describes a tensor that cannot be.');
      return new StoredTensor(storage, start, shape, strides);
    },
  };
}

function isCount(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function invalid(file: string, reason: string): Error {
  return atlasError('weights-header-invalid', { reason }, { file });
}
