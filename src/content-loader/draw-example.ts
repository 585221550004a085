import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawFigure, type PatternFigure } from '../core/figures/figure.ts';
import { decodePattern, openPack } from '../core/pack/decode-pack.ts';
import { assets } from '../schema/urls.ts';
import type { PatternAddress } from '../schema/view-state.ts';
import { matrixSvg } from '../site/matrix-svg.ts';

/**
 * A figure of one pattern, drawn from its pack when the site is built, as SVG; undefined where the figure is an image
 * or needs what a pack does not hold.
 */
export async function drawExample(
  figure: PatternFigure,
  address: PatternAddress,
): Promise<string | undefined> {
  const { model, prompt, stack } = address;
  const file = new Uint8Array(await readFile(join(process.cwd(), 'public', assets.pack(model, prompt))));
  const pack = openPack(file);
  const pattern = decodePattern(file, pack, address);
  const entry = pack.header.stacks.find((one) => one.stack === stack);
  if (pattern === undefined || entry === undefined) return undefined;
  const output = drawFigure(figure, {
    pattern,
    tokens: pack.header.tokens,
    position: { layer: entry.layers.indexOf(address.layer), head: address.head },
    stack: entry.layers.map((layer) =>
      Array.from(
        { length: entry.heads },
        (_, head) => decodePattern(file, pack, { stack, layer, head }) ?? pattern,
      ),
    ),
  });
  if (output?.kind === 'svg') return output.svg;
  return output?.kind === 'matrix' ? matrixSvg(output, figure.usualScale) : undefined;
}
