import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { SHADES } from '../../../src/core/thumbnail.ts';
import { encodePng } from '../../../pipeline/stages/shaded-png.ts';
import { random } from '../random.ts';

describe('a picture in shades', () => {
  it.each([
    [1, 1],
    [3, 2],
    [194, 97],
  ])('of %i x %i pixels is what another decoder reads, pixel by pixel', async (width, height) => {
    const numbers = random(3);
    const shades = Uint8Array.from({ length: width * height }, () => numbers.below(SHADES.length));
    const png = await encodePng({ width, height, shades });
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 4]);
    const expected = [...shades].flatMap((shade) => {
      const { grey = -1, alpha = -1 } = SHADES[shade] ?? {};
      return [grey, grey, grey, alpha];
    });
    expect([...data]).toEqual(expected);
  });

  it('has the same bytes every time', async () => {
    const picture = { width: 40, height: 30, shades: new Uint8Array(1200).map((_, at) => at % 25) };
    expect(await encodePng(picture)).toEqual(await encodePng(picture));
  });
});
