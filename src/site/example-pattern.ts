import { addressOf, type AtlasData } from '../content-loader/atlas-data.ts';
import { remember } from '../core/remember.ts';
import type { PatternAddress } from '../schema/view-state.ts';
import { showcase } from './showcase.ts';
import { signatureHead } from './signature-head.ts';

/** Some figures take the cube of the tokens: of more than this, a page would take seconds or minutes to build. */
const MOST_TOKENS = 512;

/** Whether figures of a pattern are drawn while the site is built. All are drawn in View. */
export function isDrawnAtBuild(data: AtlasData, { model, prompt }: PatternAddress): boolean {
  const entry = data.prompt(prompt).models.find((each) => each.model === model);
  return entry !== undefined && entry.tokens <= MOST_TOKENS;
}

/**
 * The pattern that figures are explained with: of the atlas's signature head, on the prompt that shows best what it is known for
 * among those of which figures are drawn, or else among all. Undefined where the atlas has no heads.
 */
export const examplePattern = remember((data: AtlasData): PatternAddress | undefined => {
  const { atlas, heads, prompts } = data;
  const signature = signatureHead(atlas, heads);
  const head = signature?.head ?? heads[0];
  if (head === undefined) return undefined;
  const on = (prompt: string) => ({ ...addressOf(head), prompt });
  const tiles = data.model(head.model).sheet.tiles;
  const drawn = tiles.filter((tile) => isDrawnAtBuild(data, on(tile.prompt)));
  const among = drawn.length > 0 ? drawn : tiles;
  const ids = new Set(among.map(({ prompt }) => prompt));
  const shown = ids.size === prompts.length ? prompts : prompts.filter(({ id }) => ids.has(id));
  const best = signature && showcase(shown, signature.head, signature.metric.name)?.prompt;
  const prompt = best !== undefined && ids.has(best) ? best : among[0]?.prompt;
  return prompt === undefined ? undefined : on(prompt);
});
