import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AtlasRecord, HeadRecord, ModelRecord, PromptRecord } from '../src/schema/records.ts';

/**
 * Makes of a published atlas of one model one of `times` models with the same patterns: records, packs and pictures stand there
 * under as many names, so that a site of many pages can be rendered without computing many patterns. In the packs the model has
 * its first name still, so that pages that check it show none.
 *
 * @param folder the config's folder, with `content/generated` and `public/generated`
 * @param model the id of its one model, which occurs in the records as an id alone
 */
export function repeatModel(folder: string, model: string, times: number): void {
  const records = (name: string) => join(folder, 'content/generated', `${name}.json`);
  const read = (name: string): unknown => JSON.parse(readFileSync(records(name), 'utf8'));
  const ids = Array.from({ length: times }, (_, at) => `${model}-${at}`);
  const renamed = <T>(value: T): T[] => {
    const text = JSON.stringify(value);
    return ids.map((id) => JSON.parse(text.replaceAll(`"${model}`, `"${id}`)) as T);
  };
  const models = (read('models') as ModelRecord[]).flatMap(renamed);
  const heads = renamed(read('heads') as HeadRecord[]).flat();
  const prompts = (read('prompts') as PromptRecord[]).map((prompt) => ({
    ...prompt,
    tokenizations: prompt.tokenizations.map((each) => ({ ...each, models: ids })),
    models: prompt.models.flatMap(renamed),
  }));
  const atlas = read('atlas') as AtlasRecord;
  const collections = { ...atlas.collections };
  for (const [name, list] of Object.entries({ models, heads, prompts })) {
    const text = `${JSON.stringify(list)}\n`;
    writeFileSync(records(name), text);
    collections[name as keyof typeof collections] = createHash('sha256').update(text).digest('hex');
  }
  const patterns = heads.length * prompts.length;
  const counts = { models: models.length, heads: heads.length, prompts: prompts.length, patterns };
  writeFileSync(records('atlas'), JSON.stringify({ ...atlas, counts, collections }));
  const generated = join(folder, 'public/generated');
  const figures = readdirSync(join(generated, 'figures')).map((figure) => join(generated, 'figures', figure));
  for (const files of [join(generated, 'packs'), ...figures])
    for (const id of ids) symlinkSync(join(files, model), join(files, id));
}
