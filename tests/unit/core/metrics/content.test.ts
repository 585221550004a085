import { describe, expect, it } from 'vitest';
import { bracketMatching } from '../../../../src/core/metrics/bracket-matching.ts';
import { copying } from '../../../../src/core/metrics/copying.ts';
import { delimiter } from '../../../../src/core/metrics/delimiter.ts';
import { duplicateToken } from '../../../../src/core/metrics/duplicate-token.ts';
import { earlierSentence } from '../../../../src/core/metrics/earlier-sentence.ts';
import { inductionRandom } from '../../../../src/core/metrics/induction-random.ts';
import { induction } from '../../../../src/core/metrics/induction.ts';
import { lossWeightedInduction } from '../../../../src/core/metrics/loss-weighted-induction.ts';
import { measure, measureOver, observe } from '../../../../src/core/metrics/metric.ts';
import { newline } from '../../../../src/core/metrics/newline.ts';
import { prefixMatching } from '../../../../src/core/metrics/prefix-matching.ts';
import { punctuation } from '../../../../src/core/metrics/punctuation.ts';
import { subword } from '../../../../src/core/metrics/subword.ts';
import { patternOf, type Pattern } from '../../../../src/core/pattern.ts';
import { causal, even, pointing, tokenized } from './patterns.ts';

const toFirst = pointing(4, () => 0);

describe('copying', () => {
  // <s> a b a b: what each key gives, to the logits of the tokens at these places.
  const ids = [0, 1, 2, 1, 2];
  const rises = (rows: readonly (readonly number[])[]) =>
    patternOf({ kind: 'square', n: 5 }, Float32Array.from(rows.flat()));
  const alike = [9, 9, 9, 9, 9];
  const scoreOf = (pattern: Pattern, rows: readonly (readonly number[])[]) =>
    observe(copying, { pattern, ids, logitEffects: rises(rows) });

  it('is 1 where only the token attended to is raised, and -1 where only others are', () => {
    const toA = [0, 2, 0, 2, -1];
    const toB = [0, -3, 1, -3, 1];
    expect(scoreOf(even(5), [alike, toA, toB, toA, toB])).toEqual([1]);
    expect(scoreOf(even(5), [alike, toB, toA, toB, toA])).toEqual([-1]);
  });

  it('weighs keys by the attention that they get, and leaves out the one that comes once', () => {
    // a raises itself by 3 and b by 1, b raises a alone; all queries look at the first a or at the start
    const rows = [alike, [5, 3, 1, 3, 1], [0, 1, 0, 1, 0], [0, 1, 1, 1, 1], [0, 1, 0, 1, 0]];
    const score = scoreOf(
      pointing(5, (query) => Number(query > 1)),
      rows,
    );
    expect(score?.[0]).toBeCloseTo((4 * 3) / (3 + 4) - 1, 6);
    // half of the attention goes to b, which copies nothing: a = 0.5 * 3, s = 0.5 * 4 + 0.5 * 1 for each of two queries
    const pattern = causal([[1], [1, 0], [1, 0, 0], [0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0, 0]]);
    expect(scoreOf(pattern, rows)?.[0]).toBeCloseTo((4 * 3) / (3 + 5) - 1, 6);
  });

  it('is -0.85 where 25 tokens are raised alike', () => {
    const tokens = Array.from({ length: 50 }, (_, at) => at % 25);
    const logitEffects = patternOf({ kind: 'square', n: 50 }, new Float32Array(2500).fill(0.5));
    const [score] = observe(copying, { pattern: even(50), ids: tokens, logitEffects }) ?? [];
    expect(score).toBeCloseTo(4 / 26 - 1, 6);
  });

  it('says nothing of a head that raises no token, or attends to the first one alone, or whose model has no such effects', () => {
    const lower = [1, -1, -1, -1, -1];
    expect(scoreOf(even(5), [lower, lower, lower, lower, lower])).toBeNull();
    expect(
      scoreOf(
        pointing(5, () => 0),
        [alike, alike, alike, alike, alike],
      ),
    ).toBeNull();
    expect(observe(copying, { pattern: even(5), ids })).toBeNull();
  });

  it('is the mean over prompts', () => {
    expect(measureOver(copying, [[1], [-0.5]])).toBe(0.25);
  });
});

describe('induction', () => {
  it('is 1 where a repeated token attends to what followed it', () => {
    // a b a b: the second a looks at the first b, the second b at the second a
    const pattern = pointing(4, (query) => Math.max(0, query - 1));
    expect(measure(induction, { pattern, ids: [1, 2, 1, 2] })).toBe(1);
    expect(measure(induction, { pattern: toFirst, ids: [1, 2, 1, 2] })).toBe(0);
  });

  it('adds up all that followed earlier occurrences', () => {
    // a b a c a: the last a may look at b (after the first a) and at c (after the second)
    const pattern = causal([[1], [1, 0], [0.5, 0.25, 0.25], [1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4, 0]]);
    expect(measure(induction, { pattern, ids: [1, 2, 1, 3, 1] })).toBeCloseTo((0.25 + 0.6) / 2, 6);
  });

  it('is not defined where no token repeats', () => {
    expect(measure(induction, { pattern: even(4), ids: [1, 2, 3, 4] })).toBeNull();
  });

  it('by loss counts the tokens whose next one was foreseen', () => {
    // a b a b: the second a attends to b and b follows with probability 1; the last b has nothing after it.
    const pattern = causal([[1], [1, 0], [0, 0.5, 0.5], [1, 0, 0, 0]]);
    const tokenLoss = Float32Array.of(Number.NaN, 3, 3, 0);
    expect(measure(lossWeightedInduction, { pattern, ids: [1, 2, 1, 2], tokenLoss })).toBeCloseTo(0.5, 6);
    expect(measure(lossWeightedInduction, { pattern, ids: [1, 2, 1, 2] })).toBeNull();
  });

  it('on random tokens is the mean over its prompts', () => {
    const ids = [1, 2, 3, 1, 2, 3];
    const perfect = pointing(6, (query) => Math.max(0, query - 2));
    const kept = [perfect, pointing(6, () => 0)].map(
      (pattern) => observe(inductionRandom, { pattern, ids }) ?? [],
    );
    expect(kept).toEqual([[1], [0]]);
    expect(measureOver(inductionRandom, kept)).toBe(0.5);
  });

  it('prefix matching leaves the current token out', () => {
    // a a: what followed the first a is the second itself.
    expect(observe(prefixMatching, { pattern: pointing(2, (query) => query), ids: [1, 1] })).toEqual([0]);
    const pattern = pointing(6, (query) => Math.max(0, query - 2));
    const kept = observe(prefixMatching, { pattern, ids: [1, 2, 3, 1, 2, 3] }) ?? [];
    expect(measureOver(prefixMatching, [kept])).toBe(1);
  });
});

describe('duplicate token', () => {
  it('is the attention to earlier occurrences of the same token', () => {
    const pattern = causal([[1], [1, 0], [0.7, 0.1, 0.2], [0.25, 0.25, 0.25, 0.25]]);
    expect(measure(duplicateToken, { pattern, ids: [1, 2, 1, 1] })).toBeCloseTo((0.7 + 0.5) / 2, 6);
    expect(measure(duplicateToken, { pattern, ids: [1, 2, 3, 4] })).toBeNull();
  });
});

describe('metrics of kinds of tokens', () => {
  it('punctuation, newline and delimiters are shares of all attention', () => {
    const text = tokenized(['<|endoftext|>', 'Go', ',', '\n']);
    const pattern = causal([[1], [0.5, 0.5], [0, 0, 1], [0, 0, 0.5, 0.5]]);
    expect(measure(punctuation, { pattern, ...text })).toBeCloseTo(1.5 / 4, 6);
    expect(measure(newline, { pattern, ...text })).toBeCloseTo(0.5 / 4, 6);
    expect(measure(delimiter, { pattern, ...text })).toBeCloseTo(1.5 / 4, 6);
  });

  it('are not defined where the text has no such token', () => {
    const text = tokenized(['a', ' b', ' c', ' d']);
    for (const metric of [punctuation, newline, delimiter]) {
      expect(measure(metric, { pattern: even(4), ...text }), metric.name).toBeNull();
    }
  });
});

describe('subword', () => {
  it('is the attention to earlier pieces of the word', () => {
    const text = tokenized(['un', 'believ', 'able', ' story']);
    const pattern = causal([[1], [0.5, 0.5], [0.25, 0.5, 0.25], [1, 0, 0, 0]]);
    expect(measure(subword, { pattern, ...text })).toBeCloseTo((0.5 + 0.75) / 2, 6);
  });

  it('is not defined where each word is one token', () => {
    expect(measure(subword, { pattern: even(3), ...tokenized(['a', ' b', '.']) })).toBeNull();
  });
});

describe('bracket matching', () => {
  it('pairs nested brackets', () => {
    const text = tokenized(['(', 'a', '[', ']', ')']);
    const pattern = causal([[1], [1], [1], [0.5, 0, 0.5], [0.25, 0, 0.75, 0, 0]]);
    expect(measure(bracketMatching, { pattern, ...text })).toBeCloseTo((0.5 + 0.25) / 2, 6);
  });

  it('counts each key once, and leaves brackets without a partner out', () => {
    const text = tokenized(['((', 'a', '))', ')']);
    expect(measure(bracketMatching, { pattern: toFirst, ...text })).toBe(1);
    expect(measure(bracketMatching, { pattern: toFirst, ...tokenized(['a', ')', 'b', ']']) })).toBeNull();
  });
});

describe('earlier sentence', () => {
  it('is the attention to what stands before the own sentence, without special tokens', () => {
    const text = tokenized(['<|endoftext|>', 'Go', '.', ' Now']);
    expect(measure(earlierSentence, { pattern: even(4), ...text })).toBeCloseTo(0.5, 6);
    expect(measure(earlierSentence, { pattern: even(3), ...tokenized(['a', ' b', ' c']) })).toBeNull();
  });
});
