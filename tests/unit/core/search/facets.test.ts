import { describe, expect, it } from 'vitest';
import { facetsOf, tellingValues } from '../../../../src/core/search/facets.ts';

function prompt(at: number, meta: Record<string, string | number> = {}) {
  const text = at % 2 === 0 ? 'stone lamp' : 'x'.repeat(400);
  return { set: `set-${String(at % 3)}`, text, characters: text.length, meta, models: [{ model: 'one' }] };
}

const titles = {
  models: [{ id: 'one', name: 'One' }],
  sets: [0, 1, 2].map((at) => ({ name: `set-${String(at)}`, title: `Set ${String(at)}` })),
};

describe('facets', () => {
  it('are offered where they tell prompts apart', () => {
    const prompts = [0, 1, 2, 3, 4, 5].map((at) => prompt(at));
    const facets = facetsOf(prompts, titles);
    expect(facets.map(({ name }) => name)).toEqual(['set', 'length']);
    expect(facets[1]?.values.map(({ title }) => title)).toEqual([
      '1 to 100 characters',
      '301 to 1,000 characters',
    ]);
  });

  it('take metadata whose values are short, few and shared', () => {
    const prompts = [0, 1, 2, 3, 4, 5].map((at) =>
      prompt(at, {
        level: at < 3 ? 'easy' : 'hard',
        pair: at >> 1,
        long: 'y'.repeat(100),
        id: `n${String(at)}`,
      }),
    );
    const facets = facetsOf(prompts, titles);
    expect(facets.map(({ name }) => name)).toEqual(['set', 'length', 'meta.level']);
  });

  it('leave out of the index what every prompt has', () => {
    const prompts = [0, 1, 2].map((at) => prompt(at));
    expect(tellingValues(prompts).map(({ model, language, set }) => [model, language, set])).toEqual(
      [0, 1, 2].map((at) => [undefined, undefined, [`set-${String(at)}`]]),
    );
    const both = facetsOf(prompts, { ...titles, models: [...titles.models, { id: 'two', name: 'Two' }] });
    expect(both.find(({ name }) => name === 'model')?.values.map(({ isCommon }) => isCommon)).toEqual([
      true,
      false,
    ]);
  });
});
