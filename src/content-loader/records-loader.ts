import type { Loader } from 'astro/loaders';
import { inAtlasFolder } from './atlas-folder.ts';
import { readRecords, type AtlasRecords } from './read-records.ts';

/** A build runs this module twice in one process: for the content, and in the bundle that renders pages. A server that is restarted reads anew. */
const shared: { patternAtlasRecords?: Promise<AtlasRecords> } = import.meta.env.DEV
  ? {}
  : (globalThis as object);

/** The records of this build, read and checked once. */
export function records(): Promise<AtlasRecords> {
  return (shared.patternAtlasRecords ??= readRecords(inAtlasFolder('content/generated')));
}

/**
 * The models' records with their cards rendered from Markdown. It fails the build where any record is missing or not valid:
 * Astro's own loaders only log that, and build an empty site.
 */
export function modelsLoader(): Loader {
  return {
    name: 'pattern-atlas-models',
    async load(context) {
      const { store } = context;
      store.clear();
      for (const record of (await records()).models) {
        const data: Record<string, unknown> = { ...record };
        const rendered = record.card === undefined ? undefined : await context.renderMarkdown(record.card);
        store.set({
          id: record.id,
          data,
          digest: context.generateDigest(data),
          ...(rendered === undefined ? {} : { rendered }),
        });
      }
    },
  };
}
