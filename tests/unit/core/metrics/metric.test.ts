import { describe, expect, it } from 'vitest';
import { inputsOf, type PatternInputs } from '../../../../src/core/inputs.ts';
import {
  measure,
  measureOver,
  observe,
  type HeadMetric,
  type Observation,
  type PatternMetric,
} from '../../../../src/core/metrics/metric.ts';
import { patternOf } from '../../../../src/core/pattern.ts';

const text = {
  group: 'shape',
  range: [0, 1],
  reading: '',
  formula: '',
  source: { text: '', year: 2020 },
  misleads: '',
} as const;
const pattern = patternOf({ kind: 'causal', n: 2 }, Float32Array.of(1, 0, 0.25, 0.75));

const loudest: PatternMetric<'valueNorms'> = {
  ...text,
  name: 'loudest',
  title: 'Loudest',
  scope: 'pattern',
  inputs: ['valueNorms'],
  compute: ({ valueNorms }) => Math.max(...valueNorms),
};

const lastCell: HeadMetric<'pattern'> = {
  ...text,
  name: 'last-cell',
  title: 'Last cell',
  scope: 'head',
  prompts: 'atlas',
  inputs: ['pattern'],
  observe: ({ pattern: { values } }) => [values.at(-1) ?? 0],
  compute: (observations) => observations.flat().reduce((sum, value) => sum + value, 0) / observations.length,
};

describe('a metric', () => {
  it('is not available where an input is missing', () => {
    expect(measure(loudest, { pattern })).toBeNull();
    expect(measure(loudest, { pattern, valueNorms: Float32Array.of(0.5, 0.25) })).toBe(0.5);
    expect(observe(lastCell, {})).toBeNull();
  });

  it('gets what it declares', () => {
    const known: Partial<PatternInputs> = { pattern, ids: [1, 2] };
    expect(inputsOf(['pattern', 'ids'], known)?.ids).toEqual([1, 2]);
    expect(inputsOf(['pattern', 'tokenLoss'], known)).toBeUndefined();
  });

  it('over prompts is made of what it kept of each', () => {
    const kept = [observe(lastCell, { pattern }), [0.25]].filter((one): one is Observation => one !== null);
    expect(measureOver(lastCell, kept)).toBe(0.5);
    expect(measureOver(lastCell, [])).toBeNull();
  });

  it('that keeps no number or leaves its range is caught', () => {
    expect(() => observe({ ...lastCell, observe: () => [Number.NaN] }, { pattern })).toThrow(/last-cell/u);
    expect(() => measureOver(lastCell, [[3]])).toThrow(/last-cell gave 3/u);
  });
});
