import { describe, expect, it } from 'vitest';
import {
  drawFigure,
  type HeadFigure,
  type PatternFigure,
  type SvgOutput,
} from '../../../../src/core/figures/figure.ts';
import { figures } from '../../../../src/core/figures/index.ts';
import { raw } from '../../../../src/core/figures/raw.ts';
import { patternOf } from '../../../../src/core/pattern.ts';

const pattern = patternOf({ kind: 'causal', n: 2 }, Float32Array.of(1, 0, 0.25, 0.75));

const counted: HeadFigure<'pattern', SvgOutput, number> = {
  ...raw,
  name: 'counted',
  scope: 'head',
  inputs: ['pattern'],
  output: 'svg',
  observe: ({ pattern: { rows } }) => rows,
  draw: (kept) => ({ kind: 'svg', svg: `<svg><text>${kept.join(', ')}</text></svg>` }),
};

describe('a figure', () => {
  it('is not available where an input is missing', () => {
    const weighted: PatternFigure<'pattern' | 'valueNorms'> = {
      ...raw,
      inputs: ['pattern', 'valueNorms'],
      draw: raw.draw.bind(raw),
    };
    expect(drawFigure(weighted, { pattern })).toBeUndefined();
    expect(drawFigure(weighted, { pattern, valueNorms: Float32Array.of(1, 2) })).toMatchObject({
      kind: 'matrix',
    });
  });

  it('over prompts is drawn from what it kept of each', () => {
    const kept = [pattern, pattern].map((one) => counted.observe({ pattern: one }) ?? 0);
    expect(counted.draw(kept).svg).toContain('2, 2');
  });

  it('is documented, and has a name of its own', () => {
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
    for (const { name, reading, formula, misleads, source } of figures) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
      expect([reading, formula, misleads, source.text].every((text) => text.length > 8)).toBe(true);
      expect(source.year).toBeGreaterThan(1900);
    }
  });
});
