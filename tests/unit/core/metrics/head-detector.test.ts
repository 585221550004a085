import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  detectorScore,
  type DetectionPattern,
  type DetectorOptions,
} from '../../../../src/core/metrics/head-detector.ts';
import { metrics } from '../../../../src/core/metrics/index.ts';
import { measure } from '../../../../src/core/metrics/metric.ts';
import { patternOf } from '../../../../src/core/pattern.ts';
import { pointing } from './patterns.ts';

interface Case {
  readonly ids: readonly number[];
  readonly pattern: readonly number[];
  readonly scores: readonly (Required<DetectorOptions> & {
    readonly expected: DetectionPattern;
    readonly score: number | null;
  })[];
}

const path = new URL('../../../fixtures/head-detector/scores.json', import.meta.url);
const cases = JSON.parse(readFileSync(path, 'utf8')) as Case[];

describe('the head detector', () => {
  it.each(cases.map((one) => [one.ids.length, one] as const))(
    'gives the scores of TransformerLens on %i tokens',
    (n, one) => {
      const pattern = patternOf({ kind: 'causal', n }, Float32Array.from(one.pattern));
      for (const { expected, score, ...options } of one.scores) {
        const own = detectorScore(pattern, one.ids, expected, options);
        const name = `${expected} ${JSON.stringify(options)}`;
        if (score === null) expect(own, name).toBeNull();
        else expect(own, name).toBeCloseTo(score, 5);
      }
    },
  );

  it('is a metric for each kind of head and measure, which counts all below -1 as -1', () => {
    const detectors = metrics.flatMap((metric) =>
      metric.group === 'detectors' && metric.scope === 'pattern' ? [metric] : [],
    );
    expect(detectors.map(({ name }) => name)).toHaveLength(6);
    for (const metric of detectors) {
      const value = measure(metric, { pattern: pointing(9, () => 0), ids: Array<number>(9).fill(1) });
      expect(value, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
    }
  });
});
