import type { Stack } from '../schema/stacks.ts';
import type { HeadExtra } from './extras.ts';

/** Names of the graph's inputs and outputs. */
export const GRAPH_NAMES = {
  ids: 'input_ids',
  decoderIds: 'decoder_input_ids',
  pattern: (stack: Stack, layer: number) => `pattern.${stack}.${layer}`,
  logits: 'logits',
  headExtra: (name: HeadExtra, stack: Stack, layer: number) => `${name}.${stack}.${layer}`,
  loss: 'loss',
  topIds: 'top_ids',
  topProbabilities: 'top_probabilities',
  mask: (stack: Stack, layer: number) => `head_mask.${stack}.${layer}`,
  replacement: (stack: Stack, layer: number) => `head_replacement.${stack}.${layer}`,
} as const;

/** Sides of a pattern and of ids, by stack. */
export const SIDES: Readonly<Record<Stack, readonly [queries: string, keys: string]>> = {
  self: ['n', 'n'],
  encoder: ['n', 'n'],
  decoder: ['m', 'm'],
  cross: ['m', 'n'],
};
