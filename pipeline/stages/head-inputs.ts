import type { KnownInputs, PatternInput } from '../../src/core/inputs.ts';
import { headFileName } from '../../src/schema/urls.ts';
import { soundPath, type Store } from '../store/store.ts';
import { extraKey, EXTRAS, INPUTS_OF_EXTRAS, storedExtras, type Extra } from './extras.ts';
import { meanPatterns, readMean } from './mean-patterns.ts';
import { headsOf, type HeadPosition, type PatternSource } from './plan.ts';
import { stackArrays, storedPatternsAt } from './read-patterns.ts';

/** A head of a source, and what figures may look at of it. */
export interface KnownHead {
  readonly position: HeadPosition;
  readonly known: KnownInputs;
}

/**
 * Everything that figures with these inputs look at of each head of a source, as far as the store holds it, in the order
 * of the pack. What it lacks is not known: such a figure is not available.
 *
 * @param together the sources that a mean is over: all of the model
 * @param isAsked leaves heads out
 * @throws AtlasError `store-damaged`
 */
export async function headInputs(
  source: PatternSource,
  inputs: readonly PatternInput[],
  together: readonly PatternSource[],
  store: Store,
  isAsked: (head: HeadPosition) => boolean = () => true,
): Promise<KnownHead[]> {
  const stored = storedPatternsAt(await soundPath(store, 'activations', source.activationsKey));
  const { stacks } = stored.pack.header;
  const extras: Extra[] = [];
  for (const extra of EXTRAS) {
    const isLookedAt = INPUTS_OF_EXTRAS[extra].some((input) => inputs.includes(input));
    if (isLookedAt && (await store.has('extras', extraKey(source, extra)))) extras.push(extra);
  }
  const { ofPrompt, valueNorms, matrices } = await storedExtras(source, extras, store);
  const isOfStack = inputs.includes('stack');
  const patterns = isOfStack ? Array.from(stored.heads(), ({ pattern }) => pattern) : [];
  const ofStacks = isOfStack ? stackArrays(patterns, stored) : [];
  const placeOf = new Map(headsOf(source).map((head, at) => [headFileName(head), at]));
  const means = inputs.includes('mean') ? meanPatterns(together) : [];
  const meanOf = new Map(means.map((mean) => [headFileName(mean), mean]));
  const found: KnownHead[] = [];
  for (const { pattern, ...position } of stored.heads(isAsked)) {
    const name = headFileName(position);
    const at = stacks.findIndex(({ stack }) => stack === position.stack);
    const place = placeOf.get(name) ?? -1;
    const norms = valueNorms?.[place];
    const [scores, logitEffects] = [matrices.scores?.[place], matrices.logitEffects?.[place]];
    const ofMean = meanOf.get(name);
    const mean = ofMean && (await readMean(ofMean, store));
    found.push({
      position,
      known: {
        ...ofPrompt,
        pattern,
        tokens: stored.tokens,
        position: { layer: stacks[at]?.layers.indexOf(position.layer) ?? 0, head: position.head },
        ...(isOfStack && { stack: ofStacks[at] ?? [] }),
        ...(norms && { valueNorms: norms }),
        ...(scores && { scores }),
        ...(logitEffects && { logitEffects }),
        ...(mean?.layout.kind === pattern.layout.kind && { mean }),
      },
    });
  }
  return found;
}
