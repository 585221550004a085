import type { Layout } from '../../src/schema/stacks.ts';
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

/** One model on one prompt: the unit of work. */
export interface Job {
  readonly model: ModelAtHand;
  readonly prompt: Prompt;
  readonly tokenized: TokenizedPrompt;
  /** Names the patterns in the store. */
  readonly activationsKey: string;
}

/** The layout of a stack's patterns on a job's prompt. */
export function layoutOf(job: Job, stack: { readonly layout: 'causal' | 'square' }): Layout {
  return { kind: stack.layout, n: job.tokenized.ids.length };
}
