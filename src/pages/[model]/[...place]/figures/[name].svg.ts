import type { APIRoute } from 'astro';
import { addressOf, atlasData } from '../../../../content-loader/atlas-data.ts';
import { drawnAsFiles, exampleDrawing } from '../../../../content-loader/figure-example.ts';
import type { PatternFigure } from '../../../../core/figures/figure.ts';
import type { HeadRecord } from '../../../../schema/records.ts';
import { paths } from '../../../../schema/urls.ts';
import { isDrawnAtBuild } from '../../../../site/example-pattern.ts';
import { shownPrompt } from '../../../../site/lead-metric.ts';

/** What the atlas's own figures draw of each head, but for matrices. */
export async function getStaticPaths() {
  const data = await atlasData();
  const drawn = data.heads.filter((head) => {
    const prompt = shownPrompt(data, head);
    return prompt !== undefined && isDrawnAtBuild(data, { ...addressOf(head), prompt });
  });
  return drawnAsFiles().flatMap((figure) =>
    drawn.map((head) => ({
      params: {
        model: head.model,
        place: paths.head(addressOf(head)).slice(head.model.length + 2, -1),
        name: figure.name,
      },
      props: { figure, head },
    })),
  );
}

export const GET: APIRoute<{ figure: PatternFigure; head: HeadRecord }> = async ({ props }) => {
  const prompt = shownPrompt(await atlasData(), props.head);
  const address = prompt === undefined ? undefined : { ...addressOf(props.head), prompt };
  return new Response(address && (await exampleDrawing(props.figure, address)), {
    headers: { 'Content-Type': 'image/svg+xml' },
  });
};
