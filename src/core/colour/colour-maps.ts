/** A theme of the site; each has colour maps of its own. */
export type Theme = 'light' | 'dark';
export type MapName = 'sequential' | 'diverging';

/**
 * Stops of the colour maps, evenly spaced from the least to the greatest value, sRGB. Lightness is monotonic
 * (sequential) or symmetric around the middle (diverging), so they are ordered without hue and keep their order
 * for colour-blind eyes; the least value is the colour of the page, so that nothing looks like nothing.
 */
export const COLOUR_STOPS: Readonly<Record<Theme, Readonly<Record<MapName, readonly string[]>>>> = {
  light: {
    sequential: [
      '#fbfaf6',
      '#e2ecef',
      '#bdd7e3',
      '#8fbcd4',
      '#5f9ac0',
      '#3a77a6',
      '#235788',
      '#153a66',
      '#0b2043',
    ],
    diverging: [
      '#7a3208',
      '#b3591b',
      '#dc9556',
      '#f1cda5',
      '#fbfaf6',
      '#b4d2e4',
      '#6ba3c7',
      '#31709f',
      '#133f6b',
    ],
  },
  dark: {
    sequential: [
      '#15171b',
      '#2a2038',
      '#4a2b58',
      '#72356c',
      '#9e4172',
      '#c9556a',
      '#e8785b',
      '#f6a96a',
      '#fde6b0',
    ],
    diverging: [
      '#f7c08a',
      '#e08a45',
      '#a8602b',
      '#5c3a24',
      '#15171b',
      '#1f3d57',
      '#2f6a96',
      '#56a0cf',
      '#a8d8f2',
    ],
  },
};

const STEPS = 256;

/** `#rrggbb` as three numbers, 0..255. */
export function parseColour(hex: string): [number, number, number] {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

/** 256 colours of a theme's map from the least to the greatest value, `[256, 3]` bytes. */
export function colourTable(theme: Theme, map: MapName): Uint8Array {
  return tableOf(COLOUR_STOPS[theme][map]);
}

/** 256 colours from the first to the last of `hexes`, `[256, 3]` bytes: stops joined in straight lines. */
export function tableOf(hexes: readonly string[]): Uint8Array {
  const stops = hexes.map(parseColour);
  const table = new Uint8Array(STEPS * 3);
  for (let step = 0; step < STEPS; step++) {
    const position = (step / (STEPS - 1)) * (stops.length - 1);
    const index = Math.min(Math.floor(position), stops.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const from = stops[index]?.[channel] ?? 0;
      const to = stops[index + 1]?.[channel] ?? 0;
      table[step * 3 + channel] = Math.round(from + (to - from) * (position - index));
    }
  }
  return table;
}
