import type { Layout, Stack } from '../../src/schema/stacks.ts';
import type { HeadAddress } from '../../src/schema/urls.ts';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';
import type { ModelSource } from '../load-config.ts';
import type { Prompt } from '../prompts/prompt.ts';

/** A model of the run whose files have been read and hashed. */
export interface ModelAtHand {
  readonly source: ModelSource;
  readonly checkpoint: Checkpoint;
  readonly weightsSha256: string;
  readonly tokenizerSha256: string;
  /** Whether a begin-of-text token stands before each prompt. */
  readonly prependsBos: boolean;
  /** The model card's Markdown without front matter, if the folder has one. */
  readonly card?: string;
}

/** A prompt as a model reads it; the arrays have one entry a token. */
export interface TokenizedPrompt {
  readonly ids: readonly number[];
  /** As a person reads them. */
  readonly tokens: readonly string[];
  /** Start and end in the prompt, in code points; `[0, 0]` for a special token. */
  readonly offsets: readonly (readonly [number, number])[];
}

/** One stack of a model's patterns on one prompt. */
export interface StackShape {
  readonly stack: Stack;
  readonly layout: Layout;
  readonly heads: number;
  /** The layers that have a pattern, ascending. */
  readonly layers: readonly number[];
}

/** The patterns of one model on one prompt in the store, and their shape. */
export interface PatternSource {
  /** Names them in the stage `activations`. */
  readonly activationsKey: string;
  readonly stacks: readonly StackShape[];
}

/** One model on one prompt: the unit of work. */
export interface Job extends PatternSource {
  readonly model: ModelAtHand;
  readonly prompt: Prompt;
  readonly tokenized: TokenizedPrompt;
}

/** Where a head stands in its model. */
export type HeadPosition = Pick<HeadAddress, 'stack' | 'layer' | 'head'>;

/** Every head of a source, in the order of its pack: stack by stack, layer by layer. */
export function headsOf({ stacks }: PatternSource): HeadPosition[] {
  return stacks.flatMap(({ stack, heads, layers }) =>
    layers.flatMap((layer) => Array.from({ length: heads }, (_, head) => ({ stack, layer, head }))),
  );
}
