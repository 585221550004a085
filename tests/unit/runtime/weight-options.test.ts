import { describe, expect, it } from 'vitest';
import { weightOptions } from '../../../pipeline/runtime/weight-options.ts';
import type { TensorEntry } from '../../../src/engine/tensors.ts';

function checkpointOf(...tensors: readonly (readonly [dtype: string, bytes: number])[]) {
  const entries = tensors.map(([dtype, length], index): [string, TensorEntry] => [
    `t${index}`,
    { dtype, shape: [], file: 'model.safetensors', offset: 0, length },
  ]);
  return {
    tensors: new Map(entries),
    weightsBytes: entries.reduce((sum, [, { length }]) => sum + length, 0),
  };
}

describe('how weights are loaded', () => {
  it('keeps half-precision weights as they are in the file', () => {
    for (const dtype of ['F16', 'BF16']) {
      expect(weightOptions(checkpointOf([dtype, 600], ['F32', 400])).extra).toEqual({
        session: { disable_prepacking: '1' },
        optimization: { disable_specified_optimizers: 'ConstantFolding' },
      });
    }
  });

  it('copies float32 weights in the order of use, but for those of large models', () => {
    expect(weightOptions(checkpointOf(['F32', 600], ['F16', 400]))).toEqual({
      graphOptimizationLevel: 'all',
      extra: {},
    });
    expect(weightOptions(checkpointOf(['F32', 5 * 2 ** 30])).extra).toEqual({
      session: { disable_prepacking: '1' },
    });
  });
});
