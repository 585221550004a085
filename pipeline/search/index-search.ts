import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as pagefind from 'pagefind';
import * as z from 'zod';
import { tellingValues } from '../../src/core/search/facets.ts';
import { checkRecord } from '../../src/schema/check-record.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { COLLECTION_FILES, promptRecordSchema, type PromptRecord } from '../../src/schema/records.ts';
import {
  searchCatalogueSchema,
  searchPagesSchema,
  type SearchCatalogue,
} from '../../src/schema/search-catalogue.ts';
import { siteIndexSchema } from '../../src/schema/site-index.ts';
import { assets } from '../../src/schema/urls.ts';
import { readJson } from '../read-json.ts';
import type { Files } from '../store/files.ts';
import { buildPart } from './build-part.ts';
import { columnsOf, usualStrongest } from './prompt-columns.ts';
import { pageRecord, promptRecord } from './search-records.ts';

/** Prompts that one index of Pagefind holds: beyond, its tables grow slow to fetch, and the next ones go into another. */
const PART_SIZE = 20_000;
/** Ready-made interfaces that the site does not use. */
const UNUSED = /^pagefind-(ui|modular-ui|component-ui|highlight)\./u;
/** What a further part shares with the first. */
const SHARED = /^(pagefind(-worker)?\.js|wasm\..*)$/u;

/**
 * Indexes the prompts and the other pages of a built site: one record each, with facets, and the columns by which the
 * search sorts.
 *
 * @param records the folder of the collections, `content/generated`
 * @param partSize prompts a part
 * @returns how many prompts can be searched
 * @throws AtlasError `site-missing`, `records-missing`, `unwritable`
 */
export async function indexSearch(
  site: string,
  records: string,
  files: Files,
  partSize = PART_SIZE,
): Promise<number> {
  if ((await files.length(join(site, 'index.html'))) === undefined)
    throw atlasError('site-missing', { path: site });
  const prompts = await readPrompts(join(records, COLLECTION_FILES.prompts));
  const { models } = await readJson(join(site, assets.index()), siteIndexSchema, 'the index of the site');
  const pages = await readJson(join(site, assets.searchPages()), searchPagesSchema, 'a list of pages');
  const facets = tellingValues(prompts);
  const others = pages.map(pageRecord);
  const ofPrompts = prompts.map((prompt, at) =>
    promptRecord(prompt, facets[at] ?? {}, usualStrongest(prompt)),
  );
  const folder = join(site, 'pagefind');
  await rm(folder, { recursive: true, force: true });
  const ids: string[] = [];
  const parts = Math.ceil(ofPrompts.length / partSize);
  try {
    for (let part = 0; part < parts; part++) {
      const own = ofPrompts.slice(part * partSize, (part + 1) * partSize);
      const built = await buildPart(own, part === 0 ? others : [], new Set(ids));
      ids.push(...built.ids);
      const target = part === 0 ? folder : join(folder, `part-${part}`);
      for (const { path, content } of built.files) {
        if (UNUSED.test(path) || (part > 0 && SHARED.test(path))) continue;
        await files.write(join(target, path), content);
      }
    }
  } finally {
    await pagefind.close();
  }
  const columns = columnsOf(prompts, ids, models);
  const catalogue: SearchCatalogue = {
    version: 1,
    prompts: prompts.length,
    parts: parts - 1,
    metrics: columns.metrics,
    models,
  };
  for (const [path, content] of columns.files) await files.write(join(site, path), content);
  await files.write(
    join(site, assets.searchCatalogue()),
    JSON.stringify(checkRecord('search/catalogue.json', searchCatalogueSchema, catalogue)),
  );
  return prompts.length;
}

async function readPrompts(path: string): Promise<PromptRecord[]> {
  const prompts = await readJson(path, z.array(promptRecordSchema), 'a list of prompt records').catch(
    (error: unknown) => {
      throw atlasError('records-missing', { path }, {}, error);
    },
  );
  if (prompts.length === 0) throw atlasError('records-missing', { path });
  return prompts;
}
