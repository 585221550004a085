import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArrays, readNpz } from '../../../pipeline/npz/read-npz.ts';
import { decodeNpy } from '../../../src/core/npz/decode-npy.ts';
import { encodeNpy } from '../../../src/core/npz/npy.ts';
import { encodeNpz } from '../../../src/core/npz/npz.ts';
import { AtlasError } from '../../../src/schema/errors/index.ts';
import { bytesSource } from '../bytes-source.ts';
import { codeOf, codeOfAsync } from '../error-code.ts';
import { random } from '../random.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-npz-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, 'input.npz');
  writeFileSync(path, bytes);
  return path;
}

/** A .npy file of version 1.0 with this header and these bytes. */
function npy(header: string, data: Uint8Array): Uint8Array {
  const text = `${header}\n`;
  const length = Uint8Array.of(text.length & 255, text.length >> 8);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text), data]);
}

const dictionary = (descr: string, order: string, shape: string) =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

describe('readNpz', () => {
  const values = Float32Array.from({ length: 6 }, (_, index) => index / 4);

  it('reads what NumPy can write, packed or not', async () => {
    const packed = fileOf(encodeNpz([{ name: 'input_values', shape: [1, 6], values }]));
    expect(await readNpz(packed, ['input_values'])).toEqual(
      new Map([['input_values', { shape: [1, 6], values }]]),
    );
    const stored = fileOf(
      zipSync({ 'a.npy': encodeNpy([2, 3], values), 'b.npy': new Uint8Array() }, { level: 0 }),
    );
    expect((await readNpz(stored, ['a', 'c'])).get('a')).toEqual({ shape: [2, 3], values });
  });

  it('names what is wrong with a file', async () => {
    const whole = encodeNpz([{ name: 'a', shape: [6], values }]);
    const spoilt = Uint8Array.from(whole);
    spoilt[60] = (spoilt[60] ?? 0) ^ 4;
    const files = [whole.subarray(0, 100), new Uint8Array(200), new Uint8Array(0), spoilt];
    for (const bytes of files) {
      expect(await codeOfAsync(() => readNpz(fileOf(bytes), ['a']))).toBe('npz-invalid');
    }
    expect(await codeOfAsync(() => readNpz(join(folder, 'none.npz'), ['a']))).toBe('unreadable');
  });

  it('unpacks no more than the directory says', async () => {
    const bytes = zipSync({ 'a.npy': new Uint8Array(50_000_000) });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, 1000, true);
    await expect(readNpz(fileOf(bytes), ['a'])).rejects.toThrow('The npz file cannot be read.');
    view.setUint32(directory + 24, 0xfffffff0, true);
    expect(await codeOfAsync(() => readNpz(fileOf(bytes), ['a']))).toBe('npz-invalid');
  });

  it('answers 20,000 mutated files with an error of the catalogue or with the arrays', async () => {
    const source = random(58);
    const original = zipSync({ 'a.npy': encodeNpy([2, 3], values), 'b.npy': encodeNpy([6], values) });
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const mutant = Uint8Array.from(original);
      for (let change = source.below(3); change >= 0; change--) {
        mutant[source.below(mutant.length)] = source.pick([0, 1, 8, 255, source.below(256)]);
      }
      const bytes = source.below(10) === 0 ? mutant.subarray(0, source.below(mutant.length)) : mutant;
      try {
        for (const [name, array] of await readArrays(bytesSource(bytes, 'mutant.npz'), ['a', 'b'])) {
          expect(array).toEqual({ shape: name === 'a' ? [2, 3] : [6], values });
        }
      } catch (error) {
        expect(error).toBeInstanceOf(AtlasError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(8000);
  });
});

describe('decodeNpy', () => {
  it('reads half and double precision', () => {
    const half = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00).buffer);
    expect([...decodeNpy(npy(dictionary('<f2', 'False', '(6,)'), half), 'a').values]).toEqual([
      1,
      -2,
      2 ** -24,
      65_504,
      Infinity,
      NaN,
    ]);
    const double = new Uint8Array(Float64Array.of(0.1, 1e300).buffer);
    expect([...decodeNpy(npy(dictionary('<f8', 'False', '(2, 1)'), double), 'a').values]).toEqual([
      Math.fround(0.1),
      Infinity,
    ]);
  });

  it('reads big-endian numbers', () => {
    const data = Buffer.alloc(16);
    data.writeDoubleBE(0.25, 0);
    data.writeDoubleBE(-3, 8);
    expect([...decodeNpy(npy(dictionary('>f8', 'False', '(2,)'), data), 'a').values]).toEqual([0.25, -3]);
  });

  it('turns the order of Fortran into that of C', () => {
    const data = new Uint8Array(Float32Array.of(0, 3, 1, 4, 2, 5).buffer);
    const { shape, values } = decodeNpy(npy(dictionary('<f4', 'True', '(1, 2, 3)'), data), 'a');
    expect([shape, [...values]]).toEqual([
      [1, 2, 3],
      [0, 1, 2, 3, 4, 5],
    ]);
  });

  it.each([
    ['numbers in no order of bytes', dictionary('|f4', 'False', '(2,)')],
    ['whole numbers', dictionary('<i8', 'False', '(1,)')],
    ['objects', dictionary('|O', 'False', '(1,)')],
    ['a type that an object has by nature', dictionary('constructor', 'False', '(2,)')],
    ['a shape with more cells', dictionary('<f4', 'False', '(3,)')],
    ['a shape with fewer cells', dictionary('<f4', 'False', '(1,)')],
    ['a shape without cells', dictionary('<f4', 'False', '(0, 2)')],
    ['a shape beyond all numbers', dictionary('<f4', 'False', `(${'9'.repeat(400)}, 0)`)],
    ['a broken side', dictionary('<f4', 'False', '(1 2,)')],
    ['a header that is code', '__import__("os").system("true")'],
    ['an empty header', ''],
  ])('refuses %s', (_, header) => {
    expect(codeOf(() => decodeNpy(npy(header, new Uint8Array(8)), 'a'))).toBe('npz-invalid');
  });

  it('refuses bytes that are no .npy file', () => {
    const good = encodeNpy([1], Float32Array.of(1));
    for (const bytes of [new Uint8Array(0), good.subarray(0, 9), good.subarray(0, 40), good.toReversed()]) {
      expect(codeOf(() => decodeNpy(bytes, 'a'))).toBe('npz-invalid');
    }
    const versionFour = Uint8Array.from(good);
    versionFour[6] = 4;
    expect(codeOf(() => decodeNpy(versionFour, 'a'))).toBe('npz-invalid');
  });
});
