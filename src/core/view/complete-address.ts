import { suggest } from '../../schema/errors/suggest.ts';
import { isTyped } from '../../schema/live-state.ts';
import type { SiteIndex } from '../../schema/site-index.ts';
import type { PatternAddress } from '../../schema/view-state.ts';

type IndexedModel = SiteIndex['models'][number];
type IndexedStack = IndexedModel['stacks'][number];

export function findModel(index: SiteIndex, model: string | undefined): IndexedModel | undefined {
  return index.models.find(({ id }) => id === model);
}

export function findStack(
  index: SiteIndex,
  { model, stack }: { readonly model?: string; readonly stack?: string },
): IndexedStack | undefined {
  return findModel(index, model)?.stacks.find((entry) => entry.stack === stack);
}

/** The prompts that a model has patterns on. */
export function promptsOf(index: SiteIndex, model: string): SiteIndex['prompts'] {
  return index.prompts.filter(({ models }) => models.includes(model));
}

/**
 * The nearest address that the atlas holds: what `wanted` names where that exists, else the first of its kind.
 *
 * @returns undefined where the atlas has no pattern at all
 */
export function nearestAddress(
  index: SiteIndex,
  wanted: Partial<PatternAddress>,
): PatternAddress | undefined {
  const model = findModel(index, wanted.model) ?? index.models[0];
  if (model === undefined) return undefined;
  const stack = findStack(index, { model: model.id, stack: wanted.stack ?? 'self' }) ?? model.stacks[0];
  const layer = stack?.layers.find((known) => known === wanted.layer) ?? stack?.layers[0];
  const prompts = promptsOf(index, model.id).map(({ id }) => id);
  const isHeld = wanted.prompt !== undefined && (isTyped(wanted.prompt) || prompts.includes(wanted.prompt));
  const prompt = isHeld ? wanted.prompt : prompts[0];
  if (stack === undefined || layer === undefined || prompt === undefined) return undefined;
  const head = wanted.head !== undefined && wanted.head < stack.heads ? wanted.head : 0;
  return { model: model.id, stack: stack.stack, layer, head, prompt };
}

/** What an address names that the atlas does not hold: a sentence each, with what it does hold. */
export function addressFaults(index: SiteIndex, wanted: Partial<PatternAddress>): string[] {
  const { model: name, stack: stackName, layer, head, prompt } = wanted;
  const faults: string[] = [];
  const model = findModel(index, name);
  if (name !== undefined && model === undefined) {
    const known = index.models.map(({ id }) => id);
    return [`There is no model “${name}” in this atlas. ${suggest(name, known)}`];
  }
  const promptEntry = index.prompts.find(({ id }) => id === prompt);
  if (prompt !== undefined && promptEntry === undefined && !isTyped(prompt)) {
    faults.push(`There is no prompt with the id “${prompt}” in this atlas.`);
  } else if (model !== undefined && promptEntry?.models.includes(model.id) === false) {
    faults.push(`${model.id} has no pattern on the prompt “${promptEntry.title}”.`);
  }
  if (model === undefined) return faults;
  const stack = findStack(index, {
    model: model.id,
    ...(stackName === undefined ? {} : { stack: stackName }),
  });
  if (stack === undefined) {
    // An address that names no stack means `self`, which an encoder-decoder does not have: no fault of the link.
    if (stackName !== undefined && stackName !== 'self')
      faults.push(`This atlas holds no ${stackName} patterns of ${model.id}.`);
    return faults;
  }
  if (layer !== undefined && !stack.layers.includes(layer)) {
    faults.push(
      `${model.id} has no pattern in layer ${layer}; its layers with patterns are ${spans(stack.layers)}.`,
    );
  }
  if (head !== undefined && head >= stack.heads) {
    faults.push(`${model.id} has no head ${head}; its heads are ${spans([...Array(stack.heads).keys()])}.`);
  }
  return faults;
}

/** `0–3, 5, 7–8` for 0, 1, 2, 3, 5, 7, 8. */
export function spans(ascending: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const value of ascending) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === value) run[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
