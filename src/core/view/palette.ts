import { stopsOf } from '../colour/chosen-maps.ts';
import { tableOf, type Theme } from '../colour/colour-maps.ts';
import { positionOn, type ValueScale } from './value-scale.ts';

/** How values are coloured. */
export interface Palette {
  /** 256 colours, `[256, 3]` bytes. */
  readonly table: Uint8Array;
  /** The row of `table` for a value. */
  readonly level: (value: number) => number;
}

export function paletteOf(theme: Theme, scale: ValueScale): Palette {
  const position = positionOn(scale);
  return {
    table: tableOf(stopsOf(theme, scale.map, scale.chosen)),
    level: (value) => Math.round(position(value) * 255),
  };
}

/** A value's colour, and black or white, whichever can be read on it better (a contrast of 4.5 or more). */
export function paint({ table, level }: Palette, value: number): { ground: string; ink: string } {
  const [red = 0, green = 0, blue = 0] = table.subarray(level(value) * 3, level(value) * 3 + 3);
  // Black and white have the same contrast at a luminance of √(1.05 · 0.05) − 0.05.
  const ink = luminance(red, green, blue) > 0.179 ? '#000' : '#fff';
  return { ground: `rgb(${red} ${green} ${blue})`, ink };
}

/** Relative luminance of an sRGB colour, 0..1 (WCAG 2.2). */
function luminance(red: number, green: number, blue: number): number {
  const linear = (channel: number) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
