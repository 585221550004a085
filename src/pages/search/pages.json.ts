import type { APIRoute } from 'astro';
import { getCollection } from 'astro:content';
import { atlasData } from '../../content-loader/atlas-data.ts';
import { figures } from '../../core/figures/index.ts';
import { metrics } from '../../core/metrics/index.ts';
import { headTitle } from '../../components/atlas/head-title.ts';
import type { SearchPages } from '../../schema/search-catalogue.ts';
import { paths } from '../../schema/urls.ts';

/** Notes, figures and metrics, for the search and the palette. */
export const GET: APIRoute = async () => {
  const data = await atlasData();
  const { atlas } = data;
  const notes = await getCollection('notes');
  const pages: SearchPages = [
    ...notes.map(({ data: note, body }) => ({
      kind: 'note' as const,
      path: paths.head(note),
      title: `${data.model(note.model).name} ${headTitle(note)}`,
      text: body ?? '',
    })),
    ...figures
      .filter(({ name }) => atlas.figures.includes(name))
      .map(({ name, title, reading }) => ({
        kind: 'figure' as const,
        path: paths.figure(name),
        title,
        text: reading,
      })),
    ...metrics
      .filter(({ name }) => atlas.metrics.includes(name))
      .map(({ name, title, reading, formula, misleads }) => ({
        kind: 'metric' as const,
        path: paths.metric(name),
        title,
        text: [reading, formula, misleads].join(' '),
      })),
  ];
  return Response.json(pages);
};
