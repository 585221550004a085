import sharp from 'sharp';
import type { Pattern } from '../../src/core/pattern.ts';

/** ColorBrewer's nine Blues, between which matplotlib's map of that name is linear. */
const BLUES = ['f7fbff', 'deebf7', 'c6dbef', '9ecae1', '6baed6', '4292c6', '2171b5', '08519c', '08306b'].map(
  (hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);

/**
 * Bytes of the picture that pattern-lens draws of a pattern (`raw.png`): stretched from its least to its greatest value,
 * coloured by 256 steps of Blues, 8-bit RGB.
 */
export async function pngBytes({ rows, columns, values }: Pattern): Promise<number> {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const span = values.reduce((a, b) => Math.max(a, b), -Infinity) - least || 1;
  const rgb = Buffer.alloc(values.length * 3);
  for (const [at, value] of values.entries()) {
    const step = Math.min(255, Math.floor(((value - least) / span) * 256));
    rgb.set(blue(step / 255), at * 3);
  }
  const png = sharp(rgb, { raw: { width: columns, height: rows, channels: 3 } });
  return (await png.png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer()).length;
}

function blue(share: number): number[] {
  const place = share * (BLUES.length - 1);
  const below = Math.min(BLUES.length - 2, Math.floor(place));
  const [from = [], to = []] = [BLUES[below], BLUES[below + 1]];
  return from.map((value, channel) => Math.floor(value + ((to[channel] ?? 0) - value) * (place - below)));
}
