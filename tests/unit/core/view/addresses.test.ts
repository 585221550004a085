import { describe, expect, it } from 'vitest';
import { addressFaults, nearestAddress, spans } from '../../../../src/core/view/complete-address.ts';
import { checkpointsOf, stepAddress } from '../../../../src/core/view/step-address.ts';
import type { SiteIndex } from '../../../../src/schema/site-index.ts';

const decoder = (layers: number[]) => [{ stack: 'self' as const, heads: 2, layers }];
const CHECKPOINT = { name: 'owner/name', weightsSha256: '0'.repeat(64) };
const index: SiteIndex = {
  version: 3,
  models: [
    { id: 'plain', ...CHECKPOINT, stacks: decoder([0, 2]) },
    { id: 'late', ...CHECKPOINT, series: { name: 'run', step: 1000 }, stacks: decoder([0, 1]) },
    { id: 'early', ...CHECKPOINT, series: { name: 'run', step: 0 }, stacks: decoder([0, 1]) },
    {
      id: 'translator',
      ...CHECKPOINT,
      stacks: [
        { stack: 'encoder', heads: 4, layers: [0] },
        { stack: 'cross', heads: 4, layers: [0] },
      ],
    },
  ],
  prompts: [
    { id: 'p'.repeat(22), set: 's', title: 'First', models: ['plain', 'late', 'early', 'translator'] },
    { id: 'q'.repeat(22), set: 's', title: 'Second', models: ['plain'] },
  ],
};
const [first, second] = ['p'.repeat(22), 'q'.repeat(22)];
const here = { model: 'plain', stack: 'self', layer: 0, head: 1, prompt: first } as const;

describe('the nearest address', () => {
  it('is the first of everything where nothing is named', () => {
    expect(nearestAddress(index, {})).toEqual({ ...here, head: 0 });
    expect(nearestAddress({ ...index, models: [] }, {})).toBeUndefined();
    expect(nearestAddress({ ...index, prompts: [] }, {})).toBeUndefined();
  });

  it('keeps what exists', () => {
    expect(nearestAddress(index, { ...here, layer: 2, prompt: second })).toEqual({
      ...here,
      layer: 2,
      prompt: second,
    });
    expect(nearestAddress(index, { ...here, model: 'late', layer: 2, prompt: second })).toEqual({
      ...here,
      model: 'late',
    });
    expect(nearestAddress(index, { model: 'translator', head: 3 })).toMatchObject({
      stack: 'encoder',
      head: 3,
    });
  });
});

describe('what is wrong with an address', () => {
  it('is nothing where the atlas holds it', () => {
    expect(addressFaults(index, here)).toEqual([]);
    expect(addressFaults(index, {})).toEqual([]);
    expect(addressFaults(index, { model: 'translator', stack: 'self' })).toEqual([]);
  });

  it.each([
    [{ ...here, model: 'plaim' }, ['There is no model “plaim” in this atlas. Did you mean "plain"?']],
    [{ ...here, layer: 1 }, ['plain has no pattern in layer 1; its layers with patterns are 0, 2.']],
    [{ ...here, head: 7 }, ['plain has no head 7; its heads are 0–1.']],
    [{ ...here, stack: 'cross' as const }, ['This atlas holds no cross patterns of plain.']],
    [
      { ...here, prompt: 'x'.repeat(22) },
      [`There is no prompt with the id “${'x'.repeat(22)}” in this atlas.`],
    ],
    [{ ...here, model: 'late', prompt: second }, ['late has no pattern on the prompt “Second”.']],
  ])('is said in a sentence: %j', (address, faults) => {
    const found = addressFaults(index, address);
    expect(found).toHaveLength(faults.length);
    for (const [at, fault] of faults.entries()) expect(found[at]).toContain(fault);
  });

  it('lists runs of numbers', () => {
    expect(spans([0, 1, 2, 3, 5, 7, 8])).toBe('0–3, 5, 7–8');
    expect(spans([])).toBe('');
  });
});

describe('a step', () => {
  it('goes through the heads of all layers, and ends at the ends', () => {
    expect(stepAddress(index, here, 'head', 1)).toEqual({ ...here, layer: 2, head: 0 });
    expect(stepAddress(index, { ...here, head: 0 }, 'head', -1)).toBeUndefined();
    expect(stepAddress(index, { ...here, layer: 2 }, 'head', 1)).toBeUndefined();
  });

  it('goes to the next layer that has patterns, and to the next prompt', () => {
    expect(stepAddress(index, here, 'layer', 1)).toEqual({ ...here, layer: 2 });
    expect(stepAddress(index, here, 'prompt', 1)).toEqual({ ...here, prompt: second });
    expect(stepAddress(index, { ...here, prompt: second }, 'prompt', 1)).toBeUndefined();
  });

  it('goes along the training of a series, in its order', () => {
    expect(checkpointsOf(index, 'late')).toEqual([
      { model: 'early', step: 0 },
      { model: 'late', step: 1000 },
    ]);
    expect(stepAddress(index, { ...here, model: 'early' }, 'checkpoint', 1)).toEqual({
      ...here,
      model: 'late',
    });
    expect(stepAddress(index, here, 'checkpoint', 1)).toBeUndefined();
  });

  it('goes nowhere from an address that does not exist', () => {
    for (const kind of ['head', 'layer', 'prompt', 'checkpoint'] as const) {
      expect(stepAddress(index, { ...here, model: 'none', prompt: 'none' }, kind, 1)).toBeUndefined();
    }
    expect(stepAddress(index, { ...here, layer: 9 }, 'layer', 1)).toBeUndefined();
  });
});
