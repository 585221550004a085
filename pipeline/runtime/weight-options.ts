import type { InferenceSession } from 'onnxruntime-node';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';

type WeightOptions = Required<Pick<InferenceSession.SessionOptions, 'graphOptimizationLevel' | 'extra'>>;

/** Weights of more bytes than this are read from their mapped file, instead of being copied in the order of use. */
const MOST_COPIED = 4 * 2 ** 30;

/**
 * What onnxruntime does with the weights when it loads a model. Copying matrices in the order that the multiplication
 * reads them makes short prompts faster by half; it is left out where it would take much memory. Half-precision weights are
 * widened one at a time while the model runs: onnxruntime would widen all of them at loading, to twice the file.
 *
 * It depends on the checkpoint and on nothing of the machine, for the last bits of the patterns do.
 */
export function weightOptions({
  tensors,
  weightsBytes,
}: Pick<Checkpoint, 'tensors' | 'weightsBytes'>): WeightOptions {
  const unpacked = { disable_prepacking: '1' };
  const halfBytes = [...tensors.values()]
    .filter(({ dtype }) => dtype === 'F16' || dtype === 'BF16')
    .reduce((sum, { length }) => sum + length, 0);
  if (2 * halfBytes > weightsBytes) {
    // Without folding, what onnxruntime 1.30 does beyond `extended` looks for weights without the path of their file.
    const optimization = { disable_specified_optimizers: 'ConstantFolding' };
    return { graphOptimizationLevel: 'extended', extra: { session: unpacked, optimization } };
  }
  return { graphOptimizationLevel: 'all', extra: weightsBytes > MOST_COPIED ? { session: unpacked } : {} };
}
