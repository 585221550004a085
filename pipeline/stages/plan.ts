import type { ModelRecord } from '../../src/schema/records.ts';
import { cellCount, layoutSize, type Layout, type Stack } from '../../src/schema/stacks.ts';
import type { HeadAddress } from '../../src/schema/urls.ts';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';
import type { ModelName, ModelSource } from '../load-config.ts';
import type { Prompt } from '../prompts/prompt.ts';

/** A model of the run. */
export type ModelAtHand = CheckpointModel | ImportedModel;

/** A model whose files have been read and hashed. */
export interface CheckpointModel {
  readonly kind: 'checkpoint';
  readonly source: ModelSource;
  readonly checkpoint: Checkpoint;
  /** The device of onnxruntime that computes its patterns; never `auto`. */
  readonly device: string;
  readonly weightsSha256: string;
  readonly tokenizerSha256: string;
  /** Whether a begin-of-text token stands before each prompt. */
  readonly prependsBos: boolean;
  /** The model card's Markdown without front matter, if the folder has one. */
  readonly card?: string;
}

/** A model whose patterns another program computed. */
export interface ImportedModel {
  readonly kind: 'imported';
  readonly source: ModelName;
  readonly facts: ImportedFacts;
  readonly stacks: readonly ImportedStack[];
  /** SHA-256 over the digests of its npz files, in the order of the prompts. */
  readonly patternsSha256: string;
  /** Whether a begin-of-text token stands before each prompt. */
  readonly prependsBos: boolean;
}

/** What an imported model's record says of it, as far as its folder tells. */
export type ImportedFacts = Pick<ModelRecord, 'hiddenSize' | 'vocabularySize' | 'context' | 'dtype'> &
  Omit<NonNullable<ModelRecord['imported']>, 'patternsSha256'>;

/** A stack of an imported model; a layer that no npz file has bears no pattern. */
export type ImportedStack = ModelRecord['stacks'][number];

/** A prompt as a model reads it; the arrays have one entry a token. */
export interface TokenizedPrompt {
  readonly ids: readonly number[];
  /** As a person reads them. */
  readonly tokens: readonly string[];
  /** Start and end in the prompt, in code points; `[0, 0]` for a special token. Absent where that is not known. */
  readonly offsets?: readonly (readonly [number, number])[];
  /** No tokens are known: rows are numbered, and ids tell nothing. */
  readonly isNumbered?: boolean;
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
export type Job = ComputedJob | ImportedJob;

interface JobOnPrompt extends PatternSource {
  readonly prompt: Prompt;
  readonly tokenized: TokenizedPrompt;
}

/** A job whose patterns a model computes. */
export interface ComputedJob extends JobOnPrompt {
  readonly model: CheckpointModel;
}

/** A job whose patterns an npz file holds. */
export interface ImportedJob extends JobOnPrompt {
  readonly model: ImportedModel;
  readonly npz: HashedFile;
}

/** A file as it was when it was hashed. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly modified: number;
}

/** Where a head stands in its model. */
export type HeadPosition = Pick<HeadAddress, 'stack' | 'layer' | 'head'>;

/** Every head of a source, in the order of its pack: stack by stack, layer by layer. */
export function headsOf({ stacks }: PatternSource): HeadPosition[] {
  return stacks.flatMap(({ stack, heads, layers }) =>
    layers.flatMap((layer) => Array.from({ length: heads }, (_, head) => ({ stack, layer, head }))),
  );
}

/** The cells of all patterns of a source: those that its layouts store, or with `whole` those of the full matrices. */
export function cellsOf({ stacks }: Pick<PatternSource, 'stacks'>, { whole = false } = {}): number {
  return stacks.reduce((sum, { layout, heads, layers }) => {
    const { rows, columns } = layoutSize(layout);
    return sum + (whole ? rows * columns : cellCount(layout)) * heads * layers.length;
  }, 0);
}
