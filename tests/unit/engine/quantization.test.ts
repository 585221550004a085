import { describe, expect, it } from 'vitest';
import { readModel } from '../../../src/engine/architectures/index.ts';
import { codeOf } from '../error-code.ts';

const read = (modelType: string, quantization: unknown) =>
  readModel({ model_type: modelType, quantization_config: quantization });

describe('quantization_config', () => {
  it.each(['gptq', 'awq', 'bitsandbytes', 'mxfp4', 'compressed-tensors', 'fbgemm_fp8', undefined])(
    'refuses %s by name',
    (method) => {
      expect(codeOf(() => read('llama', { quant_method: method }))).toBe('quantization-unsupported');
    },
  );

  it('reads the blocks of float8', () => {
    expect(read('llama', { quant_method: 'fp8', weight_block_size: [64, 32] }).quantization.block).toEqual([
      64, 32,
    ]);
    expect(read('llama', { quant_method: 'fp8', weight_block_size: null }).quantization.block).toEqual([
      128, 128,
    ]);
    expect(read('llama', null).quantization.block).toEqual([128, 128]);
  });

  it.each([[[128]], [[0, 128]], [['128', '128']], ['128']])('refuses blocks of %j', (sides) => {
    expect(codeOf(() => read('llama', { quant_method: 'fp8', weight_block_size: sides }))).toBe(
      'config-value-invalid',
    );
  });

  it('takes four bits of gpt-oss alone', () => {
    expect(codeOf(() => read('gpt_oss', { quant_method: 'mxfp4' }))).toBeUndefined();
  });
});
