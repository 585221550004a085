import { describe, expect, it } from 'vitest';
import type { AtlasData } from '../../../src/content-loader/atlas-data.ts';
import { examplePattern, isDrawnAtBuild } from '../../../src/site/example-pattern.ts';
import { headRecord, promptId, promptRecord } from './records.ts';

/** An atlas of one head and these prompts: how many tokens each has, and how much induction the head shows on it. */
function atlas(prompts: Readonly<Record<string, readonly [tokens: number, induction: number]>>): AtlasData {
  const records = Object.entries(prompts).map(([name, [tokens, induction]]) =>
    promptRecord(name, { tokens, strongest: { tiny: [[0, 0, induction]] } }),
  );
  const best = Object.entries(prompts).toSorted(([, [, a]], [, [, b]]) => b - a)[0]?.[0] ?? '';
  const head = headRecord('tiny', 0, 0, { induction: 0.5 });
  const summary = head.metrics.induction;
  if (summary != null) Object.assign(summary, { highest: promptId(best) });
  return {
    atlas: { metrics: ['induction'] },
    heads: [head],
    prompts: records,
    prompt: (id: string) => records.find((record) => record.id === id),
    model: () => ({ sheet: { tiles: records.map(({ id }) => ({ prompt: id })) } }),
  } as unknown as AtlasData;
}

describe('the pattern that figures are explained with', () => {
  it('is on the prompt that shows most of those that are short enough to be drawn', () => {
    const data = atlas({ some: [30, 0.4], most: [4000, 0.9], more: [512, 0.6], long: [513, 0.8] });
    const example = examplePattern(data);
    expect(example).toMatchObject({ model: 'tiny', layer: 0, head: 0, prompt: promptId('more') });
    expect(example && isDrawnAtBuild(data, example)).toBe(true);
  });

  it('is on a short prompt that shows little where no other has enough tokens to show anything', () => {
    expect(examplePattern(atlas({ long: [600, 0.9], short: [3, 0.1] }))?.prompt).toBe(promptId('short'));
  });

  it('is on a long prompt, of which nothing is drawn, where there is no other', () => {
    const data = atlas({ first: [3000, 0.1], second: [600, 0.7] });
    const example = examplePattern(data);
    expect(example?.prompt).toBe(promptId('second'));
    expect(example && isDrawnAtBuild(data, example)).toBe(false);
  });
});
