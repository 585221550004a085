import { describe, expect, it } from 'vitest';
import type { PatternInputs } from '../../../../src/core/inputs.ts';
import { metrics, selectMetrics } from '../../../../src/core/metrics/index.ts';
import { measure, measureOver, observe, type Metric } from '../../../../src/core/metrics/metric.ts';
import { patternOf, type Pattern } from '../../../../src/core/pattern.ts';
import { layoutSize, type Layout } from '../../../../src/schema/stacks.ts';
import { random, type Random } from '../../random.ts';

/** Words, pieces of words, marks, line ends and brackets; a text of these has everything that metrics look for. */
const PIECES = [
  '<|endoftext|>',
  ' the',
  'un',
  'der',
  '.',
  ',',
  '\n',
  '(',
  ')',
  ' [x]',
  ' 3',
  '!”',
  ' ',
  'é',
  '字',
];

/** What rows are made of: how much attention a query gives the keys that it sees. */
const FILLS = {
  random: (draw: Random, keys: number) => softmax(Array.from({ length: keys }, () => 4 * draw.next())),
  'a single key': (draw: Random, keys: number) => {
    const chosen = draw.below(keys);
    return Array.from({ length: keys }, (_, key) => (key === chosen ? 1 : 0));
  },
  'masked rows': (draw: Random, keys: number) =>
    draw.next() < 0.5 ? Array<number>(keys).fill(0) : FILLS.random(draw, keys),
  'no attention at all': (_draw: Random, keys: number) => Array<number>(keys).fill(0),
  'a sink beside the keys': (draw: Random, keys: number) => {
    const share = draw.next();
    return FILLS.random(draw, keys).map((value) => value * share);
  },
  'constant columns': (_draw: Random, keys: number) => Array<number>(keys).fill(1 / keys),
} as const;

const LAYOUTS: readonly Layout[] = [
  { kind: 'causal', n: 1 },
  { kind: 'causal', n: 2 },
  { kind: 'causal', n: 17 },
  { kind: 'square', n: 1 },
  { kind: 'square', n: 9 },
  { kind: 'rectangle', rows: 1, columns: 1 },
  { kind: 'rectangle', rows: 5, columns: 12 },
  { kind: 'rectangle', rows: 12, columns: 5 },
];

function softmax(logits: readonly number[]): number[] {
  const parts = logits.map(Math.exp);
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

function patternFrom(layout: Layout, draw: Random, fill: (draw: Random, keys: number) => number[]): Pattern {
  const { rows, columns } = layoutSize(layout);
  const values = new Float32Array(rows * columns);
  for (let query = 0; query < rows; query++) {
    values.set(fill(draw, layout.kind === 'causal' ? query + 1 : columns), query * columns);
  }
  return patternOf(layout, values);
}

function matrix(n: number, value: () => number): Pattern {
  return patternOf({ kind: 'square', n }, Float32Array.from({ length: n * n }, value));
}

/** Everything that is known of a pattern, on a text of random pieces. */
function everything(pattern: Pattern, draw: Random): PatternInputs {
  const { rows, columns } = pattern;
  const tokens = Array.from({ length: columns }, () => draw.pick(PIECES));
  let at = 0;
  const offsets = tokens.map((token): [number, number] =>
    token.startsWith('<|') ? [0, 0] : [at, (at += [...token].length)],
  );
  return {
    pattern,
    tokens,
    ids: tokens.map((token) => PIECES.indexOf(token)),
    places: { text: tokens.filter((token) => !token.startsWith('<|')).join(''), offsets },
    valueNorms: Float32Array.from({ length: columns }, () => draw.next()),
    tokenLoss: Float32Array.from({ length: rows }, (_, token) =>
      token === 0 ? Number.NaN : 9 * draw.next(),
    ),
    mean: pattern,
    scores: pattern,
    logitEffects: matrix(columns, () => 4 * draw.next() - 2),
    stack: [[pattern, pattern]],
    position: { layer: 0, head: 0 },
  };
}

/** The metric's value, with every prompt alike where it is over prompts. */
function valueOf(metric: Metric, known: PatternInputs): number | null {
  if (metric.scope === 'pattern') return measure(metric, known);
  const kept = observe(metric, known);
  return kept === null ? null : measureOver(metric, [kept, kept]);
}

function expectInRange(metric: Metric, value: number | null) {
  if (value === null) return;
  expect(value, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
  expect(value, metric.name).toBeLessThanOrEqual(metric.range[1]);
}

describe('every metric', () => {
  const cases = metrics.map((metric) => [metric.name, metric] as const);

  it.each(cases)('%s gives a number in its range or null, on every kind of pattern', (_, metric) => {
    for (const layout of LAYOUTS) {
      for (const [name, fill] of Object.entries(FILLS)) {
        for (let seed = 0; seed < 8; seed++) {
          const draw = random(seed);
          const known = everything(patternFrom(layout, draw, fill), draw);
          const value = valueOf(metric, known);
          expect(value === null || Number.isFinite(value), `${metric.name} on ${name}`).toBe(true);
          expectInRange(metric, value);
        }
      }
    }
  });

  it.each(cases)('%s is not available where nothing is known', (_, metric) => {
    expect(metric.scope === 'pattern' ? measure(metric, {}) : observe(metric, {})).toBeNull();
  });

  it('is defined on 4,096 tokens', { timeout: 120_000 }, () => {
    const draw = random(5);
    const known = everything(patternFrom({ kind: 'causal', n: 4096 }, draw, FILLS.random), draw);
    for (const metric of metrics) {
      const value = valueOf(metric, { ...known, stack: [[known.pattern]] });
      expect(value, metric.name).not.toBeNull();
      expectInRange(metric, value);
    }
  });

  it('says what it is', () => {
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    for (const { name, title, reading, formula, misleads, source, range } of metrics) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
      expect(
        [title, reading, formula, misleads, source.text].every((text) => text.length > 3),
        name,
      ).toBe(true);
      expect(source.url, name).toMatch(/^https:\/\//u);
      expect(source.year).toBeGreaterThan(1900);
      expect(range[0]).toBeLessThan(range[1]);
    }
  });

  it('is found by its name, and a misspelled one is answered with the nearest', () => {
    expect(selectMetrics(['entropy', 'induction']).map(({ name }) => name)).toEqual(['entropy', 'induction']);
    expect(() => selectMetrics(['inductoin'])).toThrow(
      expect.objectContaining({
        code: 'unknown-metric',
        explanation: expect.objectContaining({
          remedy: expect.stringContaining('Did you mean "induction"?') as string,
        }) as object,
      }),
    );
  });
});
