import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeNpz } from '../../../../src/core/npz/npz.ts';

describe('npz', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);

  it('holds arrays as NumPy writes them', () => {
    const files = unzipSync(encodeNpz([{ name: 'blocks.0.attn.hook_pattern', shape: [1, 2, 3], values }]));
    const file = files['blocks.0.attn.hook_pattern.npy'] ?? new Uint8Array();
    const length = new DataView(file.buffer, file.byteOffset).getUint16(8, true);
    expect(Buffer.from(file.subarray(0, 8)).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    expect((10 + length) % 64).toBe(0);
    const header = Buffer.from(file.subarray(10, 10 + length)).toString('latin1');
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    const data = Buffer.from(file.subarray(10 + length));
    expect(Array.from({ length: 6 }, (_, index) => data.readFloatLE(index * 4))).toEqual([...values]);
  });

  it('gives the same bytes for the same arrays', () => {
    const write = () => Buffer.from(encodeNpz([{ name: 'a', shape: [6], values }])).toString('hex');
    expect(write()).toBe(write());
  });

  it('refuses a shape that does not fit', () => {
    expect(() => encodeNpz([{ name: 'a', shape: [7], values }])).toThrow(RangeError);
  });
});
