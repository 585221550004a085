import sharp from 'sharp';
import { expect, test } from 'vitest';
import digitAttention from '../../../examples/own-figures/digit-attention.ts';
import entropyBand from '../../../examples/own-figures/entropy-band.ts';
import keyArea from '../../../examples/own-figures/key-area.ts';
import strongestKey from '../../../examples/own-figures/strongest-key.ts';
import { loadConfig, metricsOf } from '../../../pipeline/load-config.ts';
import { tryFigure } from '../../../src/core/figures/check-output.ts';
import type { Figure, FigureOutput } from '../../../src/core/figures/figure.ts';
import { measure } from '../../../src/core/metrics/metric.ts';
import { patternOf } from '../../../src/core/pattern.ts';

/** Half of each query's attention to the first key, half to itself. */
const pattern = patternOf({ kind: 'causal', n: 3 }, Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5));

function drawn(figure: Figure): FigureOutput {
  if (figure.scope !== 'pattern') throw new Error('not of a pattern');
  const tried = tryFigure(figure, { pattern });
  if (tried.kind !== 'drawn') throw new Error(tried.kind === 'failed' ? tried.reason : tried.kind);
  return tried.output;
}

test('the entropy band holds half a bit where attention is one half, and none where it is 0 or 1', () => {
  const output = drawn(entropyBand);
  if (output.kind !== 'matrix') throw new Error(output.kind);
  expect([...output.values]).toEqual([0, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5]);
});

test("the drawing is SVG that a reader of SVG takes, and its area begins at the first key's mean of 2/3", async () => {
  const output = drawn(keyArea);
  if (output.kind !== 'svg') throw new Error(output.kind);
  expect(await sharp(Buffer.from(output.svg)).metadata()).toMatchObject({ format: 'svg', width: 480 });
  expect(output.svg).toContain('<path d="M32,52'); // 140 at 0, 8 at 1
});

test('the image is opaque where all attention goes, and its hue says how far', () => {
  const output = drawn(strongestKey);
  if (output.kind !== 'image') throw new Error(output.kind);
  const pixel = (query: number, key: number) => [
    ...output.rgba.subarray((query * 3 + key) * 4, (query * 3 + key) * 4 + 4),
  ];
  expect(pixel(0, 0)).toEqual([40, 110, 200, 255]);
  expect(pixel(2, 0)).toEqual([230, 130, 30, 180]);
  expect(pixel(0, 1)[3]).toBe(0);
});

test('the metric counts attention to tokens with a digit from the first of them on', () => {
  if (digitAttention.scope !== 'pattern') throw new Error(digitAttention.scope);
  expect(measure(digitAttention, { pattern, tokens: ['a', '4', 'b'] })).toBeCloseTo(0.25);
  expect(measure(digitAttention, { pattern, tokens: ['a', 'b', 'c'] })).toBeNull();
});

test('their config loads, and names what its files define', async () => {
  const loaded = await loadConfig('examples/own-figures/atlas.config.ts');
  expect(loaded.config.figures).toEqual([
    'raw',
    'contact-sheet',
    'entropy-band',
    'key-area',
    'strongest-key',
  ]);
  expect(metricsOf(loaded).map(({ name }) => name)).toEqual([
    'previous-token',
    'induction',
    'digit-attention',
  ]);
});
