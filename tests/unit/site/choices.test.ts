import { describe, expect, it } from 'vitest';
import { metrics } from '../../../src/core/metrics/index.ts';
import type { ModelRecord } from '../../../src/schema/records.ts';
import { bothEnds, meansHistogram, rankedHeads } from '../../../src/site/metric-ends.ts';
import { showcase } from '../../../src/site/showcase.ts';
import { strongestOnPrompt } from '../../../src/site/strongest-on-prompt.ts';
import { worthSeeing } from '../../../src/site/worth-seeing.ts';
import { headRecord, promptId, promptRecord } from './records.ts';

describe('the prompt that shows a head', () => {
  const head = headRecord('tiny', 1, 2, { induction: 0.4 });

  it('is the one with the largest value, but long enough to show something', () => {
    const prompts = [
      promptRecord('short', { tokens: 8, strongest: { tiny: [[1, 2, 0.9]] } }),
      promptRecord('long', {
        strongest: {
          tiny: [
            [1, 2, 0.7],
            [1, 3, 0.6],
          ],
        },
      }),
      promptRecord('longer', {
        strongest: {
          tiny: [
            [1, 3, 0.8],
            [1, 2, 0.5],
          ],
        },
      }),
      promptRecord('other', { strongest: { large: [[1, 2, 0.95]] } }),
    ];
    expect(showcase(prompts, head, 'induction')).toEqual({ prompt: promptId('long'), value: 0.7 });
  });

  it('is the one with its largest value of all where it is never among the strongest', () => {
    expect(showcase([promptRecord('a')], head, 'induction')).toEqual({
      prompt: promptId('highest'),
      value: 1,
    });
  });

  it('is none where the metric is not defined', () => {
    expect(showcase([promptRecord('a')], head, 'entropy')).toBeUndefined();
  });
});

describe('heads by a metric', () => {
  const heads = [0.2, 0.9, 0.5, 0.1].map((mean, index) => headRecord('tiny', 0, index, { induction: mean }));
  const ranked = rankedHeads([...heads, headRecord('tiny', 1, 0, {})], 'induction');

  it('are ranked by their means, without those that have none', () => {
    expect(ranked.map(({ head }) => head.head)).toEqual([1, 2, 0, 3]);
  });

  it('show both ends, and none of them twice', () => {
    const names = (count: number) => {
      const { largest, smallest } = bothEnds(ranked, count);
      return [largest, smallest].map((end) => end.map(({ head }) => head.head));
    };
    expect(names(1)).toEqual([[1], [3]]);
    expect(names(3)).toEqual([
      [1, 2],
      [3, 0],
    ]);
    expect(bothEnds(ranked.slice(0, 1), 3)).toEqual({ largest: ranked.slice(0, 1), smallest: [] });
  });

  it('are counted in bins, the greatest value in the last', () => {
    const all = [...ranked, ...rankedHeads([headRecord('tiny', 2, 0, { induction: 1 })], 'induction')];
    expect(meansHistogram(all, [0, 1], 4)).toEqual([2, 0, 1, 2]);
  });
});

describe('the strongest heads on a prompt', () => {
  it('are those of all models', () => {
    const prompt = promptRecord('a', {
      strongest: {
        tiny: [
          [1, 2, 0.6],
          [0, 0, 0.2],
        ],
        large: [
          [3, 1, 0.9],
          [3, 2, 0.3],
        ],
      },
    });
    expect(
      strongestOnPrompt(prompt, 'induction', 3).map(({ address, value }) => [address.model, value]),
    ).toEqual([
      ['large', 0.9],
      ['tiny', 0.6],
      ['large', 0.3],
    ]);
    expect(strongestOnPrompt(prompt, 'entropy', 3)).toEqual([]);
  });
});

describe('what is worth seeing', () => {
  const model = (id: string, series?: { name: string; step: number }) =>
    ({ id, ...(series === undefined ? {} : { series }) }) as ModelRecord;
  const collection = {
    models: [
      model('tiny', { name: 'run', step: 9 }),
      model('tiny-step1', { name: 'run', step: 1 }),
      model('other'),
    ],
    heads: [
      headRecord('tiny', 0, 3, { 'previous-token': 0.9, entropy: 0.1 }),
      headRecord('tiny-step1', 0, 3, { 'previous-token': 0.8, entropy: 0.2 }),
      headRecord('other', 0, 1, { 'previous-token': 0.7, entropy: 0.3 }),
      headRecord('other', 1, 1, { entropy: 0.95 }),
    ],
    prompts: [promptRecord('a')],
  };
  const wanted = metrics.filter(({ name }) => name === 'previous-token' || name === 'entropy');

  it('is the head at the top of each metric, and of some at the foot, but no head twice in its training', () => {
    expect(
      worthSeeing(wanted, collection).map(({ metric, end, head }) => [metric.name, end, head.id]),
    ).toEqual([
      ['previous-token', 'highest', 'tiny/L0/H3'],
      ['entropy', 'lowest', 'other/L0/H1'],
      ['entropy', 'highest', 'other/L1/H1'],
    ]);
  });

  it('is nothing where no head has a metric', () => {
    expect(worthSeeing(wanted, { ...collection, heads: [] })).toEqual([]);
  });
});
