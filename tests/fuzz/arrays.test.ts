import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { listArrays, placed } from '../../pipeline/npz/open-npz.ts';
import { readArrays } from '../../pipeline/npz/read-npz.ts';
import { decodeNpy } from '../../src/core/npz/decode-npy.ts';
import { encodeNpy } from '../../src/core/npz/npy.ts';
import { encodeNpz } from '../../src/core/npz/npz.ts';
import { decodePattern, openPack } from '../../src/core/pack/decode-pack.ts';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import { crc32 } from '../../src/core/pack/crc32.ts';
import { bytesSource } from '../unit/bytes-source.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const values = Float32Array.from({ length: 2 * 3 * 3 }, (_, index) => index / 18);

it('npy', async () => {
  const npy = encodeNpy([2, 3, 3], values);
  const answers = await fuzz((random) => {
    const { shape, values: read } = decodeNpy(mutateBytes(npy, random), 'a');
    if (shape.reduce((product, side) => product * side, 1) !== read.length) throw new Error(shape.join());
  });
  expect(answers).toBeGreaterThan(0);
});

it('npz', async () => {
  const npz = encodeNpz([
    { name: 'a', shape: [2, 3, 3], values },
    { name: 'b', shape: [18], values },
  ]);
  const answers = await fuzz(async (random) => {
    const source = bytesSource(mutateBytes(npz, random), 'x.npz');
    await placed('x.npz', async () => readArrays(source, [...(await listArrays(source)).keys()]));
  });
  expect(answers).toBeGreaterThan(0);
});

it('packs', async () => {
  const patterns = Float32Array.from({ length: 2 * 4 * 4 }, (_, index) => {
    const [query, key] = [Math.floor(index / 4) % 4, index % 4];
    return key <= query ? 1 / (query + 1) : 0;
  });
  const stack = {
    stack: 'self',
    layout: { kind: 'causal', n: 4 },
    heads: 2,
    layers: new Map([[0, patterns]]),
  } as const;
  const pack = encodePack(
    { model: 'm', prompt: 'p'.repeat(22), tokens: ['a', 'b', 'c', 'd'], stacks: [stack] },
    'fine',
    {
      method: 'deflate',
      compress: (bytes) => deflateRawSync(bytes),
    },
  );
  const bytes = Buffer.from(pack);
  const length = bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.subarray(16, 16 + length).toString()) as unknown;
  const answers = await fuzz((random) => {
    const damaged =
      random.below(2) === 0 ? mutateBytes(bytes, random) : withHeader(mutateJson(header, random));
    const opened = openPack(damaged);
    for (const head of [0, 1]) decodePattern(damaged, opened, { stack: 'self', layer: 0, head });
  });
  expect(answers).toBeGreaterThan(0);

  /** The pack with another header, whose length and checksum are right, so that what it says is read. */
  function withHeader(value: unknown): Uint8Array {
    const text = Buffer.from(JSON.stringify(value ?? null));
    const preamble = Buffer.from(bytes.subarray(0, 16));
    preamble.writeUInt32LE(text.length, 8);
    preamble.writeUInt32LE(crc32(text), 12);
    return Buffer.concat([preamble, text, bytes.subarray(16 + length)]);
  }
});
