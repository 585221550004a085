import type { Loader } from 'astro/loaders';
import { inAtlasFolder } from './atlas-folder.ts';
import { readRecords, type AtlasRecords } from './read-records.ts';

let reading: Promise<AtlasRecords> | undefined;

/** The records of this build, read and checked once. */
export function records(): Promise<AtlasRecords> {
  reading ??= readRecords(inAtlasFolder('content/generated'));
  return reading;
}

/**
 * A collection of records that fails the build where the data is missing or not valid: Astro's own loaders only log
 * it, and build an empty site. A model's card is rendered as Markdown.
 */
export function recordsLoader(name: 'models' | 'heads' | 'prompts'): Loader {
  return {
    name: `pattern-atlas-${name}`,
    async load(context) {
      const { store } = context;
      store.clear();
      for (const record of (await records())[name]) {
        const data: Record<string, unknown> = { ...record };
        const rendered =
          'card' in record && record.card !== undefined
            ? await context.renderMarkdown(record.card)
            : undefined;
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
