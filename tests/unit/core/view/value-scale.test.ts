import { describe, expect, it } from 'vitest';
import { paint, paletteOf } from '../../../../src/core/view/palette.ts';
import {
  positionOn,
  scaleFloor,
  scaleTicks,
  type ValueScale,
} from '../../../../src/core/view/value-scale.ts';
import { SCALES } from '../../../../src/schema/view-state.ts';
import { contrast } from '../colour/perception.ts';

const unit = { map: 'sequential', least: 0, greatest: 1 } as const;

describe('the position of a value on a colour map', () => {
  it.each([
    [{ kind: 'linear', ...unit }, 0.25, 0.25],
    [{ kind: 'sqrt', ...unit }, 0.25, 0.5],
    [{ kind: 'log', ...unit }, 0.01, 0.5],
    [{ kind: 'log', ...unit, least: 0.01 }, 0.1, 0.5],
    [{ kind: 'linear', ...unit, least: 0.2, greatest: 0.6 }, 0.3, 0.25],
    [{ kind: 'sqrt', ...unit, least: 0.04, greatest: 0.36 }, 0.16, 0.5],
    [{ kind: 'linear', map: 'diverging', least: -1, greatest: 1 }, -0.5, 0.25],
    [{ kind: 'sqrt', map: 'diverging', least: -1, greatest: 1 }, 0.25, 0.75],
    [{ kind: 'log', map: 'diverging', least: -1, greatest: 1 }, -0.01, 0.25],
  ] satisfies [ValueScale, number, number][])('on %j, of %d is %d', (scale, value, position) => {
    expect(positionOn(scale)(value)).toBeCloseTo(position, 9);
  });

  it.each(SCALES.flatMap((kind) => [[kind, 'sequential'] as const, [kind, 'diverging'] as const]))(
    'never falls and stays in 0..1: %s, %s',
    (kind, map) => {
      const position = positionOn({ kind, map, least: map === 'diverging' ? -0.5 : 0.001, greatest: 0.5 });
      let last = 0;
      for (let value = -1.2; value <= 1.2; value += 0.001) {
        const at = position(value);
        expect(at).toBeGreaterThanOrEqual(last);
        expect(at).toBeLessThanOrEqual(1);
        last = at;
      }
      expect(last).toBe(1);
      expect(position(map === 'diverging' ? 0 : -1)).toBe(map === 'diverging' ? 0.5 : 0);
    },
  );
});

describe('the marks of a colour bar', () => {
  it('are round numbers between both ends', () => {
    expect(scaleTicks({ kind: 'linear', ...unit }).map((tick) => Number(tick.toPrecision(6)))).toEqual([
      0, 0.2, 0.4, 0.6, 0.8, 1,
    ]);
    expect(scaleTicks({ kind: 'log', ...unit })).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(scaleTicks({ kind: 'sqrt', ...unit })).toEqual([0, 0.01, 0.1, 0.25, 0.5, 1]);
    expect(scaleTicks({ kind: 'log', map: 'diverging', least: -0.1, greatest: 0.1 })).toHaveLength(11);
  });

  it('ascend, and begin and end the scale', () => {
    for (const kind of SCALES) {
      for (const [least, greatest] of [
        [0, 0.3],
        [0.013, 0.7],
        [1e-6, 2e-6],
      ] as const) {
        const scale: ValueScale = { kind, map: 'sequential', least, greatest };
        const ticks = scaleTicks(scale);
        expect(ticks[0]).toBe(scaleFloor(scale));
        expect(ticks.at(-1)).toBe(greatest);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        expect(ticks.length).toBeLessThan(12);
      }
    }
  });
});

describe('a painted value', () => {
  it('can be read in both themes, whatever it is', () => {
    for (const theme of ['light', 'dark'] as const) {
      const palette = paletteOf(theme, { kind: 'linear', ...unit });
      for (let value = 0; value <= 1; value += 1 / 256) {
        const { ground, ink } = paint(palette, value);
        const [red = 0, green = 0, blue = 0] = (/\d+ \d+ \d+/u.exec(ground)?.[0] ?? '')
          .split(' ')
          .map(Number);
        expect(contrast([red, green, blue], ink === '#000' ? [0, 0, 0] : [255, 255, 255])).toBeGreaterThan(
          4.5,
        );
      }
    }
  });
});
