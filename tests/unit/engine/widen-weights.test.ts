import { describe, expect, it } from 'vitest';
import { widenWeights } from '../../../src/engine/widen-weights.ts';

// A file of three tensors, one behind the other: float16, bfloat16, and bytes that stay as they are.
const bytes = Uint8Array.of(
  ...[0x00, 0x3c, 0x01, 0x00, 0x00, 0xc0], // 1, 2⁻²⁴, -2
  ...[0x80, 0x3f, 0x20, 0xc1, 0x80, 0xff], // 1, -10, -Infinity
  ...[7, 8, 9],
);
const index = new Map(
  [
    ['half', 'F16', 0, 6, [3]],
    ['brain', 'BF16', 6, 6, [3]],
    ['bytes', 'U8', 12, 3, [3]],
  ].map(([name, dtype, offset, length, shape]) => [
    name as string,
    {
      dtype: dtype as string,
      shape: shape as number[],
      file: 'model.safetensors',
      offset: offset as number,
      length: length as number,
    },
  ]),
);

describe('widenWeights', () => {
  const wide = widenWeights({ index, files: new Map([['model.safetensors', bytes]]) });

  function valuesOf(name: string): Uint8Array<ArrayBuffer> {
    const { file, offset, length } = wide.index.get(name) ?? { file: '', offset: 0, length: 0 };
    return Uint8Array.from((wide.files.get(file) ?? new Uint8Array()).subarray(offset, offset + length));
  }

  it.each([
    ['half', [1, 2 ** -24, -2]],
    ['brain', [1, -10, -Infinity]],
  ])('gives each number of %s as a float32', (name, numbers) => {
    expect(wide.index.get(name)).toMatchObject({ dtype: 'F32', shape: [3], length: 12 });
    expect([...new Float32Array(valuesOf(name).buffer)]).toEqual(numbers);
  });

  it('leaves other types as they are', () => {
    expect(wide.index.get('bytes')).toMatchObject({ dtype: 'U8', length: 3 });
    expect([...valuesOf('bytes')]).toEqual([7, 8, 9]);
  });

  it('begins each tensor where its numbers can be read in place, with room before the first', () => {
    for (const { offset } of wide.index.values()) expect(offset % 8).toBe(0);
    expect(wide.index.get('half')?.offset).toBeGreaterThanOrEqual(8 * Float32Array.BYTES_PER_ELEMENT);
  });
});
