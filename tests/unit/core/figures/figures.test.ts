import { describe, expect, it } from 'vitest';
import type { PatternInputs } from '../../../../src/core/inputs.ts';
import { differenceFromMean } from '../../../../src/core/figures/difference-from-mean.ts';
import { distanceProfile } from '../../../../src/core/figures/distance-profile.ts';
import { drawFigure } from '../../../../src/core/figures/figure.ts';
import { flow } from '../../../../src/core/figures/flow.ts';
import { gramMatrix } from '../../../../src/core/figures/gram-matrix.ts';
import { figures } from '../../../../src/core/figures/index.ts';
import { lines } from '../../../../src/core/figures/lines.ts';
import { logScale } from '../../../../src/core/figures/log.ts';
import { positionalKernel } from '../../../../src/core/figures/positional-kernel.ts';
import { positionalRest } from '../../../../src/core/figures/positional-rest.ts';
import { receivedAttention } from '../../../../src/core/figures/received-attention.ts';
import { rollout } from '../../../../src/core/figures/rollout.ts';
import { scores } from '../../../../src/core/figures/scores.ts';
import { squareRoot } from '../../../../src/core/figures/square-root.ts';
import { supportCurve } from '../../../../src/core/figures/support-curve.ts';
import { tokenPairs } from '../../../../src/core/figures/token-pairs.ts';
import { valueWeighted } from '../../../../src/core/figures/value-weighted.ts';
import { withoutSink } from '../../../../src/core/figures/without-sink.ts';
import { patternOf } from '../../../../src/core/pattern.ts';
import { singularValues } from '../../../../src/core/singular-values.ts';
import { causal, even, pointing } from '../metrics/patterns.ts';

const pattern = causal([[1], [0.5, 0.5], [0.5, 0.25, 0.25]]);
const tokens = ['a', ' b', '<c>'];

/** The heights of a chart's points, from 0 at its foot to 1 at its top. */
function heights(svg: string): number[] {
  const points = /points="([^"]*)"/u.exec(svg)?.[1]?.split(' ') ?? [];
  return points.map((point) => (208 - Number(point.split(',')[1])) / 184);
}

describe('figures that are matrices', () => {
  it('scales keep the values and name how they are coloured', () => {
    for (const figure of [squareRoot, logScale])
      expect(figure.draw({ pattern }).values).toEqual(pattern.values);
    expect([squareRoot.usualScale, logScale.usualScale]).toEqual(['sqrt', 'log']);
  });

  it('value-weighted multiplies each column by the length of its value', () => {
    const { values, scale } = valueWeighted.draw({ pattern, valueNorms: Float32Array.of(2, 4, 8) });
    expect([...values]).toEqual([2, 0, 0, 1, 2, 0, 1, 1, 2]);
    expect(scale.greatest).toBe(2);
  });

  it('scores lie on both sides of 0, and below all others where a query sees no key', () => {
    const before = patternOf(pattern.layout, Float32Array.of(-1, 0, 0, 3, -4, 0, -Infinity, 2, 0.5));
    const { values, scale } = scores.draw({ pattern, scores: before });
    expect([...values]).toEqual([-1, 0, 0, 3, -4, 0, -4, 2, 0.5]);
    expect(scale).toMatchObject({ map: 'diverging', least: -4, greatest: 4 });
  });

  it('difference from the mean compares the same positions of a larger mean', () => {
    const { values, scale } = differenceFromMean.draw({ pattern, mean: even(5) });
    expect([...values.subarray(3, 6)]).toEqual([0, 0, 0]);
    expect(values[6]).toBeCloseTo(0.5 - 1 / 3, 6);
    expect(scale).toMatchObject({ map: 'diverging' });
    expect(scale.greatest).toBeCloseTo(1 / 6, 6);
  });

  it('without the sink brings the rest of each row to 1', () => {
    const { values } = withoutSink.draw({ pattern });
    expect([...values]).toEqual([0, 0, 0, 0, 1, 0, 0, 0.5, 0.5]);
  });

  it('the Gram matrix is the inner products of the rows, on both sides', () => {
    const { values } = gramMatrix.draw({ pattern });
    expect([...values]).toEqual([1, 0.5, 0.5, 0.5, 0.5, 0.375, 0.5, 0.375, 0.375]);
  });

  it('rollout mixes layer by layer with half of what was there', () => {
    const toFirst = pointing(2, () => 0);
    const stack = [[toFirst], [toFirst]];
    const at = (layer: number) => [
      ...rollout.draw({ pattern: toFirst, stack, position: { layer, head: 0 } }).values,
    ];
    expect(at(0)).toEqual([1, 0, 0.5, 0.5]);
    expect(at(1)).toEqual([1, 0, 0.75, 0.25]);
  });

  it('the positional kernel and what it leaves add up to the pattern', () => {
    const kernel = positionalKernel.draw({ pattern }).values;
    const rest = positionalRest.draw({ pattern }).values;
    expect(kernel[0]).toBeCloseTo((1 + 0.5 + 0.25) / 3, 6);
    expect(kernel[3]).toBeCloseTo(0.375, 6);
    expect(kernel[1]).toBe(0);
    for (const [at, value] of pattern.values.entries()) {
      expect((kernel[at] ?? 0) + (rest[at] ?? 0)).toBeCloseTo(value, 6);
    }
  });
});

describe('figures that are charts', () => {
  it('the distance profile is the mean of each diagonal', () => {
    const found = heights(distanceProfile.draw({ pattern }).svg); // the top is the largest, 0.583
    expect(found[0]).toBeCloseTo(1, 2);
    expect(found[1]).toBeCloseTo(0.375 / (1.75 / 3), 2);
  });

  it('received attention is the mean of each column', () => {
    const found = heights(receivedAttention.draw({ pattern }).svg);
    expect(found[1]).toBeCloseTo(0.375 / (2 / 3), 2);
  });

  it('the support curve gathers the strongest keys first', () => {
    const found = heights(supportCurve.draw({ pattern }).svg);
    expect(found[0]).toBeCloseTo((1 + 0.5 + 0.5) / 3, 2);
    expect(found[2]).toBeCloseTo(1, 2);
  });

  it('singular values are those of the matrix', () => {
    const diagonal = patternOf({ kind: 'square', n: 3 }, Float32Array.of(0, 0.5, 0, 1, 0, 0, 0, 0, 0.25));
    expect(singularValues(diagonal).map((value) => Number(value.toFixed(6)))).toEqual([1, 0.5, 0.25]);
    // [[1, 0], [1, 0]]: one of √2.
    expect(singularValues(pointing(2, () => 0))[0]).toBeCloseTo(Math.SQRT2, 6);
    expect(singularValues(pointing(2, () => 0))[1]).toBeCloseTo(0, 6);
  });
});

describe('figures that are edges', () => {
  it('draw a line for each cell from the threshold on', () => {
    const faint = causal([[1], [0.96, 0.04]]);
    expect(lines.draw({ pattern: faint, tokens }).svg.match(/<line/gu)).toHaveLength(2);
    expect(flow.draw({ pattern, tokens }).svg.match(/<path/gu)).toHaveLength(6);
  });

  it('write tokens as text, whatever they hold', () => {
    expect(lines.draw({ pattern, tokens }).svg).toContain('&lt;c&gt;');
    expect(lines.draw({ pattern, tokens: ['a', '</text><script>', '\u0000'] }).svg).not.toContain('<script');
  });
});

describe('token pairs', () => {
  it('add up over prompts, for each query token', () => {
    const kept = [tokens, ['a', 'a', ' b']].map((ofPrompt) =>
      tokenPairs.observe({ pattern, tokens: ofPrompt }),
    );
    const output = tokenPairs.draw(kept.filter((one) => one !== null));
    const cell = (query: string, key: string) => {
      const row = output.rowLabels?.indexOf(query) ?? -1;
      return output.values[row * output.columns + (output.columnLabels?.indexOf(key) ?? -1)];
    };
    expect(cell('a', 'a')).toBeCloseTo((1 + 1 + 1) / 3, 6);
    expect(cell(' b', 'a')).toBeCloseTo((0.5 + 0.75) / 2, 6);
  });
});

describe('every figure of a pattern', () => {
  const shapes = [
    pointing(1, () => 0),
    even(5),
    causal([[0], [0, 0], [0, 0, 0]]),
    patternOf({ kind: 'rectangle', rows: 2, columns: 3 }, new Float32Array(6).fill(1 / 3)),
    patternOf({ kind: 'square', n: 2 }, Float32Array.of(0.25, 0.25, 0, 0)),
  ];

  it.each(figures.flatMap((figure) => (figure.scope === 'pattern' ? [[figure.name, figure] as const] : [])))(
    '%s draws any pattern, without a value that is no number',
    (_, figure) => {
      for (const shape of shapes) {
        const known: Partial<PatternInputs> = {
          pattern: shape,
          tokens: Array.from({ length: shape.columns }, (__, at) => `t${at}`),
          valueNorms: new Float32Array(shape.columns).fill(1),
          scores: patternOf(
            shape.layout,
            shape.values.map((value) => Math.log(value)),
          ),
          mean: shape,
          stack: [[shape]],
          position: { layer: 0, head: 0 },
        };
        const output = drawFigure(figure, known);
        expect(output?.kind).toBe(figure.output);
        if (output?.kind === 'svg') expect(output.svg).not.toMatch(/NaN|Infinity/u);
        if (output?.kind === 'matrix') {
          expect(output.values).toHaveLength(output.rows * output.columns);
          expect(output.values.every(Number.isFinite)).toBe(true);
        }
      }
      expect(drawFigure(figure, {})).toBeUndefined();
    },
  );
});
