import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { derivePatterns } from '../../../pipeline/stages/derive-patterns.ts';
import {
  storedPatternsAt,
  withStoredPatterns,
  type StoredPatterns,
} from '../../../pipeline/stages/read-patterns.ts';
import { storeCompressor } from '../../../pipeline/store/compressor.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore } from '../../../pipeline/store/store.ts';
import { decodePattern, openPack } from '../../../src/core/pack/decode-pack.ts';
import { encodePack } from '../../../src/core/pack/encode-pack.ts';
import { random } from '../random.ts';

const KEY = 'ab'.repeat(32);
const [LAYERS, HEADS, N] = [[0, 2], 3, 5];

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-read-'));
  const store = openStore(folder, createFiles());
  await store.write('activations', KEY, encodePack(contents(), 'exact', storeCompressor));
  path = store.path('activations', KEY);
});
afterEach(() => rm(folder, { recursive: true }));

/** Causal patterns of random numbers below a fifth. */
function contents() {
  const numbers = random(3);
  const dense = () =>
    Float32Array.from({ length: HEADS * N * N }, (_, at) =>
      at % N <= Math.floor(at / N) % N ? numbers.next() / N : 0,
    );
  const layers = new Map(LAYERS.map((layer) => [layer, dense()]));
  const stacks = [{ stack: 'self', layout: { kind: 'causal', n: N }, heads: HEADS, layers }] as const;
  return { model: 'm', prompt: 'p', tokens: ['a', 'b', 'c', 'd', 'e'], stacks };
}

const valuesOf = (stored: StoredPatterns) =>
  Array.from(stored.heads(), ({ layer, head, pattern }) => [layer, head, Float32Array.from(pattern.values)]);

it('gives every head the values that were stored, however few stay in memory', async () => {
  const { stacks } = contents();
  const expected = LAYERS.flatMap((layer) =>
    Array.from({ length: HEADS }, (_, head) => {
      const dense = stacks[0].layers.get(layer);
      return [layer, head, dense?.slice(head * N * N, (head + 1) * N * N)];
    }),
  );
  for (const kept of [0, 250, 1e9]) {
    const found = await withStoredPatterns(path, (stored) => [valuesOf(stored), valuesOf(stored)], kept);
    expect(found).toEqual([expected, expected]);
  }
  const found = storedPatternsAt(path);
  expect([valuesOf(found), valuesOf(found)]).toEqual([expected, expected]);
});

it('keeps the patterns that were looked at last', async () => {
  const bytes = 4 * N * N;
  await withStoredPatterns(
    path,
    (stored) => {
      const [first, second, third] = Array.from(stored.heads(), ({ pattern }) => pattern);
      const before = first?.values;
      expect(first?.values === before).toBe(true);
      expect([second?.values, third?.values].map((values) => values?.length)).toEqual([N * N, N * N]);
      expect(first?.values === before).toBe(false);
      expect(first?.values).toEqual(before);
    },
    bytes,
  );
});

it('makes the pack that encodes all at once', async () => {
  const { pack = [] } = await derivePatterns({ path, pack: { precision: 'compact' } });
  const file = Buffer.concat(pack);
  const opened = openPack(file);
  expect(opened.header).toMatchObject({
    model: 'm',
    prompt: 'p',
    precision: 'compact',
    compression: 'deflate',
  });
  const [first] = await withStoredPatterns(path, valuesOf);
  const decoded = decodePattern(file, opened, { stack: 'self', layer: 0, head: 0 });
  for (const [at, value] of (first?.[2] as Float32Array).entries()) {
    expect(Math.abs((decoded?.values[at] ?? NaN) - value)).toBeLessThanOrEqual(opened.header.maxError);
  }
});

it('refuses an object that ends early', async () => {
  const whole = await readFile(path);
  for (const end of [10, 100, whole.length - 40]) {
    await writeFile(path, whole.subarray(0, end));
    await expect(withStoredPatterns(path, valuesOf)).rejects.toMatchObject({ code: 'pack-invalid' });
    expect(() => storedPatternsAt(path)).toThrow(expect.objectContaining({ code: 'pack-invalid' }));
  }
});
