import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as pagefind from 'pagefind';
import * as z from 'zod';
import { atlasError } from '../src/schema/errors/index.ts';
import { COLLECTION_FILES, promptRecordSchema, type PromptRecord } from '../src/schema/records.ts';
import { paths } from '../src/schema/urls.ts';
import { readJson } from './read-json.ts';
import type { Files } from './store/files.ts';

/** Ready-made interfaces that the site does not use. */
const UNUSED = /^pagefind-(ui|modular-ui|component-ui|highlight)\./u;
/** Code, markup and JSON are prompts too: these are searched for like letters. Quotes around words search a phrase. */
const SEARCHED_PUNCTUATION = '_<>{}[]()=+*/#@$%&:;-';

/**
 * Indexes the prompts of a built site: one record each, with facets for model and set.
 *
 * @param records the folder of the collections, `content/generated`
 * @returns how many prompts can be searched
 * @throws AtlasError `site-missing`, `records-missing`, `unwritable`
 */
export async function indexSearch(site: string, records: string, files: Files): Promise<number> {
  if ((await files.length(join(site, 'index.html'))) === undefined)
    throw atlasError('site-missing', { path: site });
  const prompts = await readPrompts(join(records, COLLECTION_FILES.prompts));
  try {
    const { index } = answer(
      // One index over all languages: Pagefind otherwise searches only the one that the page is written in.
      await pagefind.createIndex({ forceLanguage: 'en', includeCharacters: SEARCHED_PUNCTUATION }),
    );
    if (index === undefined) throw new Error('Pagefind gave no index');
    for (const prompt of prompts) answer(await index.addCustomRecord(recordOf(prompt)));
    const built = answer(await index.getFiles());
    const folder = join(site, 'pagefind');
    await rm(folder, { recursive: true, force: true });
    for (const { path, content } of built.files) {
      if (!UNUSED.test(path)) await files.write(join(folder, path), content);
    }
  } finally {
    await pagefind.close();
  }
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

function recordOf(prompt: PromptRecord) {
  return {
    url: paths.prompt(prompt.id),
    content: prompt.text,
    language: 'en',
    meta: { title: prompt.title }, // searched too, as everything in it is
    filters: { model: prompt.models.map(({ model }) => model), set: [prompt.set] },
  };
}

/** Pagefind reports problems in its answers; none may pass unseen. */
function answer<T extends { readonly errors: string[] }>(response: T): T {
  if (response.errors.length > 0) throw new Error(`Pagefind: ${response.errors.join('; ')}`);
  return response;
}
