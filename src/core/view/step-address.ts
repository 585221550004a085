import type { SiteIndex } from '../../schema/site-index.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { findModel, findStack, promptsOf } from './complete-address.ts';

/** What can be stepped through. A `checkpoint` is another training step of the model's series. */
export type StepKind = 'head' | 'layer' | 'prompt' | 'checkpoint';

/**
 * The neighbour of `address`, `by` steps on (-1: back). Heads go on from layer to layer; a layer keeps its head.
 *
 * @returns undefined at the first and the last, and where there is nothing to step through
 */
export function stepAddress(
  index: SiteIndex,
  address: PatternAddress,
  kind: StepKind,
  by: number,
): PatternAddress | undefined {
  switch (kind) {
    case 'head': {
      const stack = findStack(index, address);
      if (stack === undefined) return undefined;
      const heads = stack.layers.flatMap((layer) =>
        Array.from({ length: stack.heads }, (_, head) => ({ layer, head })),
      );
      const at = heads.findIndex(({ layer, head }) => layer === address.layer && head === address.head);
      return moved(address, heads[at + by], at);
    }
    case 'layer': {
      const layers = findStack(index, address)?.layers ?? [];
      const at = layers.indexOf(address.layer);
      const layer = layers[at + by];
      return moved(address, layer === undefined ? undefined : { layer }, at);
    }
    case 'prompt': {
      const prompts = promptsOf(index, address.model);
      const at = prompts.findIndex(({ id }) => id === address.prompt);
      const prompt = prompts[at + by]?.id;
      return moved(address, prompt === undefined ? undefined : { prompt }, at);
    }
    case 'checkpoint': {
      const checkpoints = checkpointsOf(index, address.model);
      const at = checkpoints.findIndex(({ model }) => model === address.model);
      const model = checkpoints[at + by]?.model;
      return moved(address, model === undefined ? undefined : { model }, at);
    }
  }
}

/** The checkpoints of a model's series, in order of training; empty for a model that stands alone. */
export function checkpointsOf(index: SiteIndex, model: string): { model: string; step: number }[] {
  const name = findModel(index, model)?.series?.name;
  if (name === undefined) return [];
  return index.models
    .flatMap(({ id, series }) => (series?.name === name ? [{ model: id, step: series.step }] : []))
    .sort((a, b) => a.step - b.step);
}

function moved(
  address: PatternAddress,
  part: Partial<PatternAddress> | undefined,
  from: number,
): PatternAddress | undefined {
  return part === undefined || from < 0 ? undefined : { ...address, ...part };
}
