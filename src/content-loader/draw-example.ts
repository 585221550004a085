import { readFile } from 'node:fs/promises';
import { besideFiles, decodeBeside, type Stacks } from '../core/beside-pack.ts';
import { tryFigure } from '../core/figures/check-output.ts';
import type { ImageOutput, PatternFigure, SvgOutput } from '../core/figures/figure.ts';
import { matrixSvg } from '../core/figures/matrix-svg.ts';
import { escapeText } from '../core/figures/svg-text.ts';
import { decodePattern, openPack } from '../core/pack/decode-pack.ts';
import { assets } from '../schema/urls.ts';
import { inAtlasFolder } from './atlas-folder.ts';
import type { PatternAddress } from '../schema/view-state.ts';

/**
 * A figure of one pattern, drawn from its pack when the site is built, matrices as SVG; undefined where it needs what a
 * pack does not hold. A figure that fails says so in its drawing.
 */
export async function drawExample(
  figure: PatternFigure,
  address: PatternAddress,
): Promise<SvgOutput | ImageOutput | undefined> {
  const { model, prompt, stack } = address;
  const file = new Uint8Array(await readFile(inAtlasFolder('public', assets.pack(model, prompt))));
  const pack = openPack(file);
  const pattern = decodePattern(file, pack, address);
  const entry = pack.header.stacks.find((one) => one.stack === stack);
  if (pattern === undefined || entry === undefined) return undefined;
  const tried = tryFigure(figure, {
    ...(await besidePack(figure, address, pack.header.stacks)),
    pattern,
    tokens: pack.header.tokens,
    position: { layer: entry.layers.indexOf(address.layer), head: address.head },
    ...(figure.inputs.includes('stack') && {
      stack: entry.layers.map((layer) =>
        Array.from(
          { length: entry.heads },
          (_, head) => decodePattern(file, pack, { stack, layer, head }) ?? pattern,
        ),
      ),
    }),
  });
  if (tried.kind === 'unavailable') return undefined;
  if (tried.kind === 'failed') return { kind: 'svg', svg: failureSvg(tried.reason) };
  const { output } = tried;
  return output.kind === 'matrix' ? { kind: 'svg', svg: matrixSvg(output, figure.usualScale) } : output;
}

/** What the figure looks at beside the pack. */
async function besidePack(figure: PatternFigure, address: PatternAddress, stacks: Stacks) {
  const reading = Object.entries(besideFiles(figure.inputs, address)).map(
    async ([kind, asset]) => [kind, await readFile(inAtlasFolder('public', asset))] as const,
  );
  return decodeBeside(Object.fromEntries(await Promise.all(reading)), stacks, address);
}

function failureSvg(reason: string): string {
  const text = `<text x="8" y="28" font-size="12" fill="currentColor">Failed: ${escapeText(reason)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 48">${text}</svg>`;
}
