import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src/core/pack/crc32.ts';
import { decodeBlock, decodePattern, openPack } from '../../../../src/core/pack/decode-pack.ts';
import { encodePack, type PackContents } from '../../../../src/core/pack/encode-pack.ts';
import { findBlock, openHeader } from '../../../../src/core/pack/header.ts';
import type { Compressor } from '../../../../src/core/pack/pack-blocks.ts';
import { PRECISIONS } from '../../../../src/schema/precision.ts';
import { layoutSize, type Layout } from '../../../../src/schema/stacks.ts';
import { random, type Random } from '../../random.ts';

const deflate: Compressor = { method: 'deflate', compress: (bytes) => deflateRawSync(bytes) };
const LAYOUTS: Layout[] = [
  { kind: 'causal', n: 1 },
  { kind: 'causal', n: 17 },
  { kind: 'square', n: 9 },
  { kind: 'rectangle', rows: 3, columns: 11 },
];

/** Rows that sum to 1 over the keys each query sees, some of them sharp, some flat, `[heads, rows, columns]`. */
function somePatterns(r: Random, layout: Layout, heads: number): Float32Array {
  const { rows, columns } = layoutSize(layout);
  const values = new Float32Array(heads * rows * columns);
  for (let row = 0; row < heads * rows; row++) {
    const keys = layout.kind === 'causal' ? (row % rows) + 1 : columns;
    const weights = Array.from({ length: keys }, () => r.next() ** (1 + r.below(12)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [key, weight] of weights.entries()) values[row * columns + key] = weight / sum;
  }
  return values;
}

function someContents(r: Random, layout: Layout, heads = 3, layers = [0, 2]): PackContents {
  return {
    model: 'some-model',
    prompt: 'ahlg5xQv3iZEXgXOOSyjpQ',
    tokens: Array.from({ length: layoutSize(layout).rows }, (_, at) => ` tokén ${at}\n`),
    stacks: [
      {
        stack: 'self',
        layout,
        heads,
        layers: new Map(layers.map((layer) => [layer, somePatterns(r, layout, heads)])),
      },
    ],
  };
}

describe.each(PRECISIONS)('a pack of the precision %s', (precision) => {
  it.each(LAYOUTS)('gives back every head of the layout $kind, as exact as it says', (layout) => {
    const contents = someContents(random(1), layout);
    const file = encodePack(contents, precision, deflate);
    const pack = openPack(file);
    expect(pack.header).toMatchObject({ model: 'some-model', precision, tokens: contents.tokens });
    const { rows, columns } = layoutSize(layout);
    let worst = 0;
    for (const [layer, dense] of contents.stacks[0]?.layers ?? []) {
      for (let head = 0; head < 3; head++) {
        const pattern = decodePattern(file, pack, { stack: 'self', layer, head });
        expect(pattern).toMatchObject({ rows, columns, layout });
        for (let at = 0; at < rows * columns; at++) {
          const computed = dense[head * rows * columns + at] ?? -1;
          worst = Math.max(worst, Math.abs(computed - (pattern?.values[at] ?? -1)));
        }
      }
    }
    expect(worst).toBe(pack.header.maxError);
    expect(worst).toBeLessThanOrEqual({ compact: 1 / 510, fine: 1 / 255, exact: 0 }[precision] + 1e-7);
  });

  it('has the same bytes every time', () => {
    const layout = { kind: 'causal', n: 12 } as const;
    const [once, again] = [random(7), random(7)].map((r) =>
      encodePack(someContents(r, layout), precision, deflate),
    );
    expect(once).toEqual(again);
  });
});

describe('a pack', () => {
  const contents = someContents(random(3), { kind: 'causal', n: 17 });
  const file = encodePack(contents, 'fine', deflate);
  const pack = openPack(file);

  it('says that it has no such head', () => {
    for (const at of [
      { stack: 'self', layer: 1, head: 0 },
      { stack: 'self', layer: 0, head: 3 },
      { stack: 'cross', layer: 0, head: 0 },
    ] as const) {
      expect(decodePattern(file, pack, at)).toBeUndefined();
    }
  });

  it('can be read by byte range: first the header, then one block', () => {
    expect(openHeader(file.subarray(0, 7))).toEqual({ needed: 16 });
    expect(openHeader(file.subarray(0, 20))).toEqual({ needed: pack.dataStart });
    const opened = openHeader(file.subarray(0, pack.dataStart));
    if ('needed' in opened) throw new Error('The whole header was there');
    const block = findBlock(opened, 'self', 2, 1);
    if (block === undefined) throw new Error('The head is in the pack');
    const bytes = file.slice(block.offset, block.offset + block.length);
    expect(decodeBlock(bytes, opened, block)).toEqual(
      decodePattern(file, pack, { stack: 'self', layer: 2, head: 1 }),
    );
  });

  it('holds several stacks, each with a layout of its own', () => {
    const r = random(5);
    const stacks = (['encoder', 'decoder', 'cross'] as const).map((stack, at) => {
      const layout = LAYOUTS[3 - at] ?? { kind: 'square', n: 2 };
      return { stack, layout, heads: 2, layers: new Map([[at, somePatterns(r, layout, 2)]]) };
    });
    const several = encodePack({ ...contents, stacks }, 'exact', deflate);
    for (const [at, { stack, layout, layers }] of stacks.entries()) {
      const { rows, columns } = layoutSize(layout);
      const pattern = decodePattern(several, openPack(several), { stack, layer: at, head: 1 });
      expect(pattern?.values).toEqual(layers.get(at)?.subarray(rows * columns));
    }
  });

  it('clips what rounding pushed outside 0..1', () => {
    const layers = new Map([[0, Float32Array.of(1.0000001, 0, -1e-9, 1)]]);
    const odd = encodePack(
      { ...contents, stacks: [{ stack: 'self', layout: { kind: 'square', n: 2 }, heads: 1, layers }] },
      'compact',
      deflate,
    );
    const pattern = decodePattern(odd, openPack(odd), { stack: 'self', layer: 0, head: 0 });
    expect([...(pattern?.values ?? [])]).toEqual([1, 0, 0, 1]);
  });
});

describe('CRC-32', () => {
  it.each([
    ['', 0],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ])('of %j', (text, sum) => {
    expect(crc32(new TextEncoder().encode(text))).toBe(sum);
  });
});
