import { describe, expect, it } from 'vitest';
import {
  headerLength,
  parseSafetensorsHeader,
  SAFETENSORS_PREAMBLE,
} from '../../../src/engine/safetensors.ts';
import { AtlasError } from '../../../src/schema/errors/index.ts';
import { codeOf } from '../error-code.ts';
import { random, type Random } from '../random.ts';

const FILE = 'model.safetensors';
const encode = (header: unknown) => new TextEncoder().encode(JSON.stringify(header));
const parse = (header: unknown, bytes: number) => parseSafetensorsHeader(encode(header), FILE, bytes);
const tensor = (dtype: unknown, shape: unknown, offsets: unknown) => ({
  dtype,
  shape,
  data_offsets: offsets,
});

function preamble(length: bigint): Uint8Array {
  const bytes = new Uint8Array(SAFETENSORS_PREAMBLE);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

describe('headerLength', () => {
  it('reads a little-endian length', () => {
    expect(headerLength(preamble(300n), FILE, 1000)).toBe(300);
  });

  it.each([
    ['a file shorter than its first eight bytes', new Uint8Array(5), 5, 'weights-truncated'],
    ['a header beyond the end of the file', preamble(993n), 1000, 'weights-truncated'],
    ['a header longer than the format allows', preamble(100_000_001n), 1e9, 'weights-header-invalid'],
    ['a length of 2^64 - 1', preamble(0xffff_ffff_ffff_ffffn), 1000, 'weights-header-invalid'],
  ])('refuses %s', (_, bytes, size, code) => {
    expect(codeOf(() => headerLength(bytes, FILE, size))).toBe(code);
  });
});

describe('parseSafetensorsHeader', () => {
  it('gives offsets from the start of the file, and leaves the metadata out', () => {
    const header = {
      __metadata__: { format: 'pt' },
      a: tensor('F32', [2, 3], [0, 24]),
      b: tensor('BF16', [4], [24, 32]),
      c: tensor('F16', [], [32, 34]),
    };
    const start = SAFETENSORS_PREAMBLE + encode(header).length;
    const tensors = parse(header, start + 34);
    expect([...tensors]).toEqual([
      ['a', { dtype: 'F32', shape: [2, 3], file: FILE, offset: start, length: 24 }],
      ['b', { dtype: 'BF16', shape: [4], file: FILE, offset: start + 24, length: 8 }],
      ['c', { dtype: 'F16', shape: [], file: FILE, offset: start + 32, length: 2 }],
    ]);
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['a type it does not know', { a: tensor('F31', [1], [0, 4]) }],
    ['a type that an object has by nature', { a: tensor('constructor', [1], [0, 4]) }],
    ['a shape that is no list', { a: tensor('F32', 3, [0, 12]) }],
    ['a negative side', { a: tensor('F32', [-1, -1], [0, 4]) }],
    ['a broken side', { a: tensor('F32', [1.5, 2], [0, 12]) }],
    ['no offsets', { a: { dtype: 'F32', shape: [1] } }],
    ['three offsets', { a: tensor('F32', [1], [0, 4, 8]) }],
    ['offsets in the wrong order', { a: tensor('F32', [1], [4, 0]) }],
    ['fewer bytes than the shape takes', { a: tensor('F32', [2], [0, 4]) }],
    ['a shape whose product is not a safe number', { a: tensor('F32', [2 ** 40, 2 ** 40], [0, 4]) }],
    ['a tensor that is a string', { a: 'F32' }],
    ['a tensor that is null', { a: null }],
  ])('refuses %s', (_, header) => {
    expect(codeOf(() => parse(header, 1e6))).toBe('weights-header-invalid');
  });

  it('refuses bytes that are not JSON, or not UTF-8', () => {
    expect(codeOf(() => parseSafetensorsHeader(new TextEncoder().encode('{"a"'), FILE, 100))).toBe(
      'weights-header-invalid',
    );
    expect(codeOf(() => parseSafetensorsHeader(Uint8Array.of(0x22, 0xff, 0x22), FILE, 100))).toBe(
      'weights-header-invalid',
    );
  });

  it('says so when a tensor lies beyond the end of the file', () => {
    const header = { a: tensor('F32', [2], [0, 8]) };
    const end = SAFETENSORS_PREAMBLE + encode(header).length + 8;
    expect(parse(header, end).size).toBe(1);
    expect(codeOf(() => parse(header, end - 1))).toBe('weights-truncated');
  });

  it('answers 20,000 mutated headers with an error of the catalogue or with tensors inside the file', () => {
    const source = random(20_250_613);
    const original = encode({
      __metadata__: { format: 'pt' },
      'h.0.attn.c_attn.weight': tensor('F32', [4, 12], [0, 192]),
      'h.0.attn.c_attn.bias': tensor('F16', [12], [192, 216]),
    });
    const size = SAFETENSORS_PREAMBLE + original.length + 216;
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = mutate(original, source);
      try {
        const length = headerLength(preamble(BigInt(bytes.length)), FILE, size);
        for (const entry of parseSafetensorsHeader(bytes.subarray(0, length), FILE, size).values()) {
          expect(entry.offset).toBeGreaterThanOrEqual(SAFETENSORS_PREAMBLE);
          expect(entry.offset + entry.length).toBeLessThanOrEqual(size);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(AtlasError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(10_000);
  });
});

/** Changes, drops, repeats or swaps some bytes. */
function mutate(original: Uint8Array, source: Random): Uint8Array {
  let bytes = Array.from(original);
  for (let change = source.below(3); change >= 0; change--) {
    const at = source.below(bytes.length);
    const kind = source.below(4);
    if (kind === 0) bytes[at] = source.below(256);
    else if (kind === 1) bytes.splice(at, 1 + source.below(4));
    else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + 1 + source.below(8)));
    else bytes[at] = source.text('0123456789[]{},":-eFBIU', 1).charCodeAt(0);
    if (bytes.length === 0) bytes = [0];
  }
  return Uint8Array.from(bytes);
}
