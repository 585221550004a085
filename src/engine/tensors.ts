import { atlasError } from '../schema/errors/index.ts';

/** Number types of a checkpoint that a graph can read, as safetensors names them. */
const TENSOR_TYPES = ['F32', 'F16', 'BF16', 'F64', 'F8_E4M3', 'F8_E5M2'];

/** Where a tensor lies on disk. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The file's name inside the checkpoint folder. */
  readonly file: string;
  /** Where that file really lies, from the folder that the graph is loaded in; `file` if left out. */
  readonly location?: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}

/** Every tensor of a checkpoint by name. */
export type TensorIndex = ReadonlyMap<string, TensorEntry>;

/** A tensor that a graph uses, under the name that the checkpoint gives it. */
export interface NamedTensor extends TensorEntry {
  readonly name: string;
}

/** The part of a tensor at one index of its first axis, which lies in one piece: an expert of several. */
export function partOf(tensor: NamedTensor, index: number): NamedTensor {
  const [count = 1, ...shape] = tensor.shape;
  const length = tensor.length / count;
  const offset = tensor.offset + index * length;
  return { ...tensor, name: `${tensor.name}[${index}]`, shape, offset, length };
}

/** Factors of a matrix of float8: one, one a row, or one a block. */
export interface Scale {
  readonly factors: NamedTensor;
  /** Rows and columns of a block; those at the edges may be smaller. */
  readonly block: readonly [rows: number, columns: number];
}

/** Finds tensors by the name that the architecture gives them. */
export interface TensorFinder {
  /**
   * @param shape what the config makes of it
   * @param types its number types; floating-point ones if left out
   * @throws AtlasError `tensor-missing`, `tensor-shape-wrong`, `tensor-type-unsupported`
   */
  get(name: string, shape: readonly number[], types?: readonly string[]): NamedTensor;
  /** What a float8 tensor was divided by, where the checkpoint has it. */
  scaleOf(tensor: NamedTensor): Scale | undefined;
  has(name: string): boolean;
  /** The shape that a tensor has, for those whose sides the config does not tell. */
  shapeOf(name: string): readonly number[] | undefined;
}

/**
 * @param block of the factors of float8 tensors
 * @param prefixes what may stand before a name, the empty string for nothing: hub checkpoints are saved from a model
 *   with a head (`transformer.`) or without one, and tensors of the head stand outside
 */
export function findTensors(
  index: TensorIndex,
  prefixes: readonly string[],
  block: readonly [number, number] = [128, 128],
): TensorFinder {
  const candidates = (name: string) => prefixes.map((prefix) => prefix + name);
  const resolve = (name: string) =>
    [...candidates(name), ...candidates(olderName(name))].find((full) => index.has(full));
  return {
    has: (name) => resolve(name) !== undefined,
    shapeOf: (name) => index.get(resolve(name) ?? '')?.shape,
    scaleOf({ name, dtype }) {
      if (!dtype.startsWith('F8_')) return undefined;
      const full = [`${name}_scale_inv`, `${name}_scale`].find((scale) => index.has(scale));
      const entry = full === undefined ? undefined : index.get(full);
      return full === undefined || entry === undefined
        ? undefined
        : { factors: { ...entry, name: full }, block };
    },
    get(name, shape, types = TENSOR_TYPES) {
      const full = resolve(name);
      const entry = full === undefined ? undefined : index.get(full);
      if (full === undefined || entry === undefined) {
        throw atlasError(
          'tensor-missing',
          { name: `${prefixes[0] ?? ''}${name}`, known: [...index.keys()] },
          { tensor: name },
        );
      }
      const place = { file: entry.file, tensor: full };
      if (entry.shape.length !== shape.length || entry.shape.some((side, axis) => side !== shape[axis])) {
        throw atlasError('tensor-shape-wrong', { expected: shape, actual: entry.shape }, place);
      }
      if (!types.includes(entry.dtype)) {
        throw atlasError('tensor-type-unsupported', { dtype: entry.dtype, known: types }, place);
      }
      return { ...entry, name: full };
    },
  };
}

/** Normalisations of the first checkpoints call their tensors as the paper does. */
function olderName(name: string): string {
  return name.replace(/\.weight$/u, '.gamma').replace(/\.bias$/u, '.beta');
}
