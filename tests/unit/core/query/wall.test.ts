import { describe, expect, it } from 'vitest';
import { wallCells, wallWord } from '../../../../src/core/query/wall-cells.ts';
import { layMosaic } from '../../../../src/core/mosaic.ts';
import { plateTile } from '../../../../src/core/view/plate-tile.ts';
import type { SiteIndex } from '../../../../src/schema/site-index.ts';

const CHECKPOINT = { name: 'owner/name', weightsSha256: '0'.repeat(64) };
const index: SiteIndex = {
  version: 3,
  models: [
    { id: 'one', ...CHECKPOINT, stacks: [{ stack: 'self', heads: 3, layers: [0, 2] }] },
    { id: 'two', ...CHECKPOINT, stacks: [{ stack: 'self', heads: 3, layers: [0] }] },
  ],
  prompts: [
    { id: 'p', set: 's', title: 'First', models: ['one', 'two'] },
    { id: 'q', set: 's', title: 'Second', models: ['one'] },
  ],
};
const head = (model: string, layer: number, at: number) => ({
  model,
  stack: 'self' as const,
  layer,
  head: at,
});
const choice = {
  figures: ['raw'],
  heads: [head('one', 2, 0), head('two', 0, 1), head('one', 0, 1)],
  prompts: ['p', 'q'],
};
const names = (order: Parameters<typeof wallCells>[2], most = 99) =>
  wallCells(choice, index, order, most).cells.map((cell) =>
    (['model', 'layer', 'head', 'prompt'] as const).map((key) => wallWord(key, cell)).join(''),
  );

describe('the wall', () => {
  it('has each head on each prompt that its model has seen, in the order of the heads', () => {
    expect(names([])).toEqual(['oneL2H0p', 'oneL2H0q', 'twoL0H1p', 'oneL0H1p', 'oneL0H1q']);
  });

  it('is ordered by any key, and then as it was', () => {
    expect(names(['prompt'])).toEqual(['oneL2H0p', 'twoL0H1p', 'oneL0H1p', 'oneL2H0q', 'oneL0H1q']);
    expect(names(['model', 'layer'])).toEqual(['oneL0H1p', 'oneL0H1q', 'oneL2H0p', 'oneL2H0q', 'twoL0H1p']);
  });

  it('says how many there are where it shows fewer', () => {
    expect(wallCells(choice, index, [], 2)).toMatchObject({ total: 5 });
    expect(names([], 2)).toHaveLength(2);
  });
});

describe('a tile of a plate', () => {
  it('lies where the pipeline laid it', () => {
    const model = index.models[0];
    if (model === undefined) throw new Error('unreachable');
    const mosaic = layMosaic(
      Array.from({ length: 6 }, () => ({ width: 17, height: 17 })),
      3,
    );
    [0, 2].forEach((layer, row) => {
      for (let at = 0; at < 3; at++) {
        expect(plateTile(model, { stack: 'self', layer, head: at }, mosaic)).toEqual(
          mosaic.tiles[row * 3 + at],
        );
      }
    });
    expect(plateTile(model, { stack: 'self', layer: 1, head: 0 }, mosaic)).toBeUndefined();
    expect(plateTile(model, { stack: 'self', layer: 0, head: 3 }, mosaic)).toBeUndefined();
  });
});
