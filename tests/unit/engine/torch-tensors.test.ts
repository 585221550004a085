import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSafetensorsHeader } from '../../../src/engine/safetensors.ts';
import { readTorchTensors } from '../../../src/engine/torch/torch-tensors.ts';
import { unpickle } from '../../../src/engine/torch/unpickle.ts';
import { AtlasError } from '../../../src/schema/errors/index.ts';
import { bytesSource } from '../bytes-source.ts';
import { codeOf, codeOfAsync } from '../error-code.ts';
import { random } from '../random.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/oracle');
const FILE = 'pytorch_model.bin';

const sourceOf = (bytes: Uint8Array) => bytesSource(bytes, FILE);

describe('readTorchTensors', () => {
  const bytes = readFileSync(join(FIXTURES, 'gpt2-bin', FILE));

  it('finds the numbers that a safetensors file of the same weights has', async () => {
    const tensors = await readTorchTensors(sourceOf(bytes));
    const other = readFileSync(join(FIXTURES, 'gpt2', 'model.safetensors'));
    const length = Number(other.readBigUInt64LE(0));
    const expected = parseSafetensorsHeader(other.subarray(8, 8 + length), 'model.safetensors', other.length);
    expect(expected.size).toBeGreaterThan(20);
    for (const [name, entry] of expected) {
      const found = tensors.get(name);
      expect([name, found?.dtype, found?.shape]).toEqual([name, entry.dtype, entry.shape]);
      const start = found?.offset ?? 0;
      const ours = bytes.subarray(start, start + (found?.length ?? 0));
      expect(ours.equals(other.subarray(entry.offset, entry.offset + entry.length))).toBe(true);
    }
    expect(tensors.get('transformer.h.0.attn.bias')).toMatchObject({ dtype: 'U8', shape: [1, 1, 48, 48] });
    expect(tensors.get('transformer.h.0.attn.masked_bias')).toMatchObject({ dtype: 'F32', shape: [] });
  });

  it.each([
    ['a file that is cut off', bytes.subarray(0, 100_000), 'weights-header-invalid'],
    ['a file that is no zip', new Uint8Array(1000), 'weights-header-invalid'],
    ['an empty file', new Uint8Array(0), 'weights-header-invalid'],
    ['a pickle without a zip, as PyTorch 1.5 wrote them', Uint8Array.of(0x80, 2, 0x8a, 10), 'weights-legacy'],
  ])('refuses %s', async (_, content, code) => {
    expect(await codeOfAsync(() => readTorchTensors(sourceOf(content)))).toBe(code);
  });

  it('answers 20,000 mutated files with an error of the catalogue or with tensors inside the file', async () => {
    const source = random(4);
    const end = bytes.length;
    const pickle = bytes.indexOf('data.pkl');
    const directory = bytes.readUInt32LE(bytes.lastIndexOf('PK\u0005\u0006') + 16);
    const mutant = Buffer.from(bytes);
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const before: [number, number][] = [];
      for (let change = source.below(4); change >= 0; change--) {
        const at =
          source.below(2) === 0 ? pickle + source.below(4000) : directory + source.below(end - directory);
        mutant[at] =
          source.below(3) === 0 ? source.pick([0, 0xff, 0x52, 0x63, 0x51, 0x28]) : source.below(256);
      }
      try {
        for (const { offset, length } of (await readTorchTensors(sourceOf(mutant))).values()) {
          expect(offset + length).toBeLessThanOrEqual(end);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(AtlasError);
        refused++;
      }
      for (const [at, byte] of before.reverse()) mutant[at] = byte;
    }
    expect(refused).toBeGreaterThan(2000);
  }, 60_000);
});

describe('unpickle', () => {
  const world = { persistent: () => null, call: () => undefined };
  const read = (...parts: (string | number[])[]) =>
    unpickle(Buffer.concat(parts.map((part) => Buffer.from(part as string))), FILE, world);

  it('reads plain values', () => {
    // {'a': (1, 300, -2, 0.5), 'b': [None, True, False], 'c': 2**40}
    const pickled =
      '80027d710028580100000061284b014d2c014afeffffff473fe0000000000000745801000000625d' +
      '284e888965580100000063' +
      '8a06000000000001' +
      '752e';
    expect(unpickle(Buffer.from(pickled, 'hex'), FILE, world)).toEqual(
      new Map<unknown, unknown>([
        ['a', [1, 300, -2, 0.5]],
        ['b', [null, true, false]],
        ['c', 2 ** 40],
      ]),
    );
  });

  it('runs nothing: a call that is not known is refused by its name', () => {
    const attack = () => read([0x80, 2], 'cos\nsystem\n', [0x58, 2, 0, 0, 0], 'ls', [0x85, 0x52, 0x2e]);
    expect(codeOf(attack)).toBe('weights-pickle-refused');
    expect(attack).toThrow(/os\.system/u);
  });

  it.each([
    ['an instruction that no weights need', [0x80, 2, 0x69, 0x2e]],
    ['an end that is missing', [0x80, 2, 0x4e]],
    ['a value that is missing', [0x80, 2, 0x2e]],
    ['a mark that is missing', [0x80, 2, 0x74, 0x2e]],
    ['a memory that was never filled', [0x80, 2, 0x68, 7, 0x2e]],
    ['items set on something that is no dictionary', [0x80, 2, 0x4e, 0x4e, 0x4e, 0x73, 0x2e]],
    ['a text that is longer than the file', [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0x7f, 0x2e]],
    ['a number of a hundred bytes', [0x80, 2, 0x8a, 100, 0x2e]],
  ])('refuses %s', (_, program) => {
    expect(codeOf(() => read(program))).toBe('weights-header-invalid');
  });
});
