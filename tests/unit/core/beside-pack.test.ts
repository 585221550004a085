import { describe, expect, it } from 'vitest';
import { besideFiles, decodeBeside, type Stacks } from '../../../src/core/beside-pack.ts';
import { deflate } from '../../../pipeline/store/compressor.ts';
import { encodePack } from '../../../src/core/pack/encode-pack.ts';
import { layoutSize, type Layout } from '../../../src/schema/stacks.ts';
import { codeOf } from '../error-code.ts';

const address = { model: 'm', stack: 'cross', layer: 5, head: 1, prompt: 'p' } as const;
/** Two heads of keys 0..2 in one layer, then three of keys 0..3 in two. */
const stacks: Stacks = [
  { stack: 'encoder', layout: { kind: 'square', n: 2 }, heads: 2, layers: [0] },
  { stack: 'cross', layout: { kind: 'rectangle', rows: 7, columns: 3 }, heads: 3, layers: [2, 5] },
];
/** Each number is its place. */
const norms = new Uint8Array(Float32Array.from({ length: 22 }, (_, at) => at).buffer);
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('what lies beside a pack', () => {
  it('is asked for by the inputs that need it', () => {
    expect(besideFiles(['pattern', 'stack'], address)).toEqual({});
    expect(besideFiles(['ids', 'places', 'valueNorms'], address)).toEqual({
      norms: '/generated/value-norms/m/p.bin',
      text: '/generated/texts/m/p.json',
    });
  });

  it('gives a head its own norms, whatever stacks stand before it', () => {
    const of = (stack: 'encoder' | 'cross', layer: number, head: number) => [
      ...(decodeBeside({ norms }, stacks, { ...address, stack, layer, head }).valueNorms ?? []),
    ];
    expect(of('encoder', 0, 1)).toEqual([2, 3]);
    expect(of('cross', 2, 0)).toEqual([4, 5, 6]);
    expect(of('cross', 5, 2)).toEqual([19, 20, 21]);
  });

  it('gives ids, places and losses', () => {
    const places = { text: 'ab', offsets: [[0, 1] as const, [1, 2] as const] };
    const loss = new Uint8Array(Float32Array.of(0.5, 2).buffer);
    const known = decodeBeside({ text: bytesOf({ ids: [3, 4], places }), loss }, stacks, address);
    expect(known).toEqual({ ids: [3, 4], places, tokenLoss: Float32Array.of(NaN, 0.5, 2) });
  });

  it('gives a head its matrices, of the sides that its pattern has', () => {
    const pack = (layout: Layout, layer = 5) => {
      const { rows, columns } = layoutSize(layout);
      const cells = Float32Array.from({ length: 3 * rows * columns }, (_, at) => (at === 0 ? -Infinity : at));
      const shapes = [{ stack: 'cross' as const, layout, heads: 3, layers: new Map([[layer, cells]]) }];
      return encodePack({ model: '', prompt: '', tokens: [], stacks: shapes }, 'exact', deflate);
    };
    const cross = { kind: 'rectangle', rows: 7, columns: 3 } as const;
    const square = { kind: 'square', n: 3 } as const;
    const files = { scores: pack(cross), effects: pack(square) };
    const { scores, logitEffects } = decodeBeside(files, stacks, address);
    expect([scores?.layout, [...(scores?.values ?? [])]]).toEqual([
      cross,
      Array.from({ length: 21 }, (_, at) => 21 + at),
    ]);
    expect([logitEffects?.layout, logitEffects?.values[0]]).toEqual([square, 9]);
    expect(decodeBeside(files, stacks, { ...address, head: 0 }).scores?.values[0]).toBe(-Infinity);
    for (const wrong of [{ scores: pack(square) }, { effects: pack(cross) }, { scores: pack(cross, 2) }]) {
      expect(codeOf(() => decodeBeside(wrong, stacks, address))).toBe('pack-invalid');
    }
    expect(besideFiles(['scores', 'logitEffects'], address)).toEqual({
      scores: '/generated/scores/m/p.pack',
      effects: '/generated/logit-effects/m/p.pack',
    });
  });

  it('is not there where the file is empty', () => {
    const empty = new Uint8Array();
    expect(
      decodeBeside(
        { norms: empty, loss: empty, text: empty, scores: empty, effects: empty },
        stacks,
        address,
      ),
    ).toEqual({});
  });

  it.each([
    ['norms of other heads', { norms: norms.subarray(4) }],
    ['norms that end within a number', { norms: norms.subarray(1) }],
    ['a text that is none', { text: bytesOf({ ids: 'abc' }) }],
    ['a text that breaks off', { text: bytesOf({ ids: [1] }).subarray(0, 4) }],
  ])('is refused: %s', (_, files) => {
    expect(codeOf(() => decodeBeside(files, stacks, address))).toBe('pack-invalid');
  });
});
