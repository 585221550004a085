import { describe, expect, it } from 'vitest';
import {
  COLOUR_STOPS,
  colourTable,
  parseColour,
  type Theme,
} from '../../../../src/core/colour/colour-maps.ts';
import { CHOSEN_STOPS, stopsOf } from '../../../../src/core/colour/chosen-maps.ts';
import { tableOf } from '../../../../src/core/colour/colour-maps.ts';
import { MAP_CHOICES } from '../../../../src/schema/colour-map.ts';
import { contrast, lightness } from './perception.ts';

const THEMES = ['light', 'dark'] as const;

function colours(theme: Theme, map: 'sequential' | 'diverging') {
  const table = colourTable(theme, map);
  return Array.from(
    { length: 256 },
    (_, step) => [table[step * 3] ?? 0, table[step * 3 + 1] ?? 0, table[step * 3 + 2] ?? 0] as const,
  );
}

describe.each(THEMES)('the colour maps of the %s theme', (theme) => {
  const away = theme === 'light' ? -1 : 1;

  it('move steadily away from the page in lightness as values grow', () => {
    const lights = colours(theme, 'sequential').map(lightness);
    for (let step = 1; step < 256; step++) {
      expect(((lights[step] ?? 0) - (lights[step - 1] ?? 0)) * away).toBeGreaterThan(-0.002);
    }
    for (let step = 32; step < 256; step += 32) {
      expect(((lights[step] ?? 0) - (lights[step - 32] ?? 0)) * away).toBeGreaterThan(0.04);
    }
  });

  it('end far from the page, and begin as the page', () => {
    for (const map of ['sequential', 'diverging'] as const) {
      const all = colours(theme, map);
      const page = parseColour(COLOUR_STOPS[theme].sequential[0] ?? '');
      expect(contrast(page, all[255] ?? [0, 0, 0])).toBeGreaterThan(7);
      expect(
        all[map === 'sequential' ? 0 : 127]?.every((channel, at) => Math.abs(channel - (page[at] ?? 0)) < 3),
      ).toBe(true);
    }
  });

  it('diverge alike on both sides of 0', () => {
    const lights = colours(theme, 'diverging').map(lightness);
    for (let distance = 1; distance < 128; distance++) {
      const [below, above] = [lights[127 - distance] ?? 0, lights[128 + distance] ?? 0];
      expect(Math.abs(below - above)).toBeLessThan(0.1);
      expect((below - (lights[128 - distance] ?? 0)) * away).toBeGreaterThan(-0.002);
      expect((above - (lights[127 + distance] ?? 0)) * away).toBeGreaterThan(-0.002);
    }
  });

  it('pass through their stops', () => {
    const stops = COLOUR_STOPS[theme].sequential;
    expect(colours(theme, 'sequential')[0]).toEqual(parseColour(stops[0] ?? ''));
    expect(colours(theme, 'sequential')[255]).toEqual(parseColour(stops.at(-1) ?? ''));
  });
});

describe.each(THEMES)('the maps to choose from in the %s theme', (theme) => {
  it.each(MAP_CHOICES)('%s begins as the page, ends far from it, and moves steadily in lightness', (map) => {
    const stops = CHOSEN_STOPS[map][theme].map(parseColour);
    const [first = [0, 0, 0], last = [0, 0, 0]] = [stops[0], stops.at(-1)];
    expect(first).toEqual(parseColour(COLOUR_STOPS[theme].sequential[0] ?? ''));
    expect(contrast(first, last)).toBeGreaterThan(7);
    const away = theme === 'light' ? -1 : 1;
    const table = tableOf(CHOSEN_STOPS[map][theme]);
    const lights = Array.from({ length: 9 }, (_, part) => {
      const at = Math.round((part * 255) / 8) * 3;
      return lightness([table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0]);
    });
    for (const [part, light] of lights.entries()) {
      if (part > 0) expect((light - (lights[part - 1] ?? 0)) * away).toBeGreaterThan(0.04);
    }
  });

  it('take the place of the sequential map alone', () => {
    expect(stopsOf(theme, 'sequential', 'grey')).toBe(CHOSEN_STOPS.grey[theme]);
    expect(stopsOf(theme, 'sequential')).toBe(COLOUR_STOPS[theme].sequential);
    expect(stopsOf(theme, 'diverging', 'grey')).toBe(COLOUR_STOPS[theme].diverging);
  });
});
