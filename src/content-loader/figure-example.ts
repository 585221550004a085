import sharp from 'sharp';
import { drawingFile, imageFile } from '../core/figures/drawing-file.ts';
import { ownFigures } from '../core/figures/own.ts';
import type { PatternFigure } from '../core/figures/figure.ts';
import type { PatternAddress } from '../schema/view-state.ts';
import { isDrawnAtBuild } from '../site/example-pattern.ts';
import { atlasData } from './atlas-data.ts';
import { drawExample } from './draw-example.ts';

/** The atlas's own figures of one pattern. */
export function ofPattern(): PatternFigure[] {
  return ownFigures.filter((figure) => figure.scope === 'pattern');
}

/** Those that draw by themselves, and so are shown as files. */
export function drawnAsFiles(): PatternFigure[] {
  return ofPattern().filter(({ output }) => output !== 'matrix');
}

/**
 * An example of a figure as HTML: SVG of the built-in ones and of matrices. What an own figure drew by itself is an image
 * of a file, for such a file runs no script and fetches nothing. Undefined where the prompt is too long, or the figure needs what
 * is not there.
 *
 * @param file its address
 */
export async function exampleHtml(
  figure: PatternFigure,
  address: PatternAddress,
  file: string,
): Promise<string | undefined> {
  if (!isDrawnAtBuild(await atlasData(), address)) return undefined;
  if (!drawnAsFiles().includes(figure)) {
    const output = await drawExample(figure, address);
    return output?.kind === 'svg' ? output.svg : undefined;
  }
  return `<img src="${file}" alt="" loading="lazy" />`;
}

/** An own figure's drawing or image as a file of SVG, in the ink of the reader's theme. */
export async function exampleDrawing(
  figure: PatternFigure,
  address: PatternAddress,
): Promise<string | undefined> {
  if (!isDrawnAtBuild(await atlasData(), address)) return undefined;
  const output = await drawExample(figure, address);
  if (output === undefined) return undefined;
  if (output.kind === 'svg') return drawingFile(output.svg);
  const { width, height, rgba } = output;
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return imageFile(width, height, png.toString('base64'));
}
