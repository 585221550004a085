import { atlasError } from '../schema/errors/index.ts';
import type { RawConfig } from './config-reader.ts';

/** How the weights of a checkpoint were made smaller. */
export interface Quantization {
  /** Rows and columns of a float8 matrix that share a factor. */
  readonly block: readonly [rows: number, columns: number];
}

const BLOCK = [128, 128] as const;

/**
 * Reads `quantization_config`. Weights in float8 with factors (`fp8`) and in four bits as gpt-oss has them (`mxfp4`) are
 * widened when they are used; what would round activations, too, is left out.
 *
 * @throws AtlasError `quantization-unsupported`, `config-value-invalid`
 */
export function readQuantization({
  quantization_config: given,
  model_type: modelType,
}: RawConfig): Quantization {
  if (given === undefined || given === null) return { block: BLOCK };
  const settings = given as Readonly<Record<string, unknown>>;
  const method = typeof given === 'object' ? settings.quant_method : given;
  const isRun = method === 'fp8' || (method === 'mxfp4' && modelType === 'gpt_oss');
  if (!isRun) throw atlasError('quantization-unsupported', { method });
  const sides = settings.weight_block_size ?? BLOCK;
  const isSide = (side: unknown): side is number => Number.isSafeInteger(side) && (side as number) > 0;
  if (Array.isArray(sides) && sides.every(isSide)) {
    const [high, wide, ...more] = sides;
    if (high !== undefined && wide !== undefined && more.length === 0) return { block: [high, wide] };
  }
  throw atlasError('config-value-invalid', {
    key: 'quantization_config.weight_block_size',
    value: sides,
    expected: 'two whole numbers of at least 1',
  });
}
