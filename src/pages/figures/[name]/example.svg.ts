import type { APIRoute } from 'astro';
import { atlasData } from '../../../content-loader/atlas-data.ts';
import { drawnAsFiles, exampleDrawing } from '../../../content-loader/figure-example.ts';
import type { PatternFigure } from '../../../core/figures/figure.ts';
import { examplePattern } from '../../../site/example-pattern.ts';

/** Of each drawing of the atlas's own figures: shown as an image, in which no script runs. */
export function getStaticPaths() {
  return drawnAsFiles().map((figure) => ({ params: { name: figure.name }, props: { figure } }));
}

export const GET: APIRoute<{ figure: PatternFigure }> = async ({ props: { figure } }) => {
  const example = examplePattern(await atlasData());
  const svg = example && (await exampleDrawing(figure, example));
  return new Response(svg ?? '<svg xmlns="http://www.w3.org/2000/svg"/>', {
    headers: { 'Content-Type': 'image/svg+xml' },
  });
};
