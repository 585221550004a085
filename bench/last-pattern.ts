import { readFile } from 'node:fs/promises';
import { siteIndexSchema } from '../src/schema/site-index.ts';
import type { PatternAddress } from '../src/schema/view-state.ts';

/** The last head of the last model of the built site, on the first prompt; undefined where the site holds no pattern. */
export async function lastPattern(): Promise<PatternAddress | undefined> {
  const index = siteIndexSchema.parse(JSON.parse(await readFile('dist/generated/index.json', 'utf8')));
  const model = index.models.at(-1);
  const [stack] = model?.stacks ?? [];
  const layer = stack?.layers.at(-1);
  const prompt = index.prompts[0]?.id;
  if (model === undefined || stack === undefined || layer === undefined || prompt === undefined)
    return undefined;
  return { model: model.id, stack: stack.stack, layer, head: stack.heads - 1, prompt };
}
