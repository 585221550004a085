import type { RawConfig } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { TensorFinder } from '../tensors.ts';

/** What a layer's queries see. */
export type LayerKind = 'full';

/** A model as its config describes it. */
export interface ModelDescription {
  readonly family: string;
  /** `model_type` of config.json. */
  readonly modelType: string;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** The longest input in tokens, or null where nothing bounds it. */
  readonly context: number | null;
  readonly stacks: readonly {
    readonly stack: 'self';
    readonly layout: 'causal' | 'square';
    readonly heads: number;
    readonly layers: readonly { readonly index: number; readonly kind: LayerKind; readonly hasPattern: boolean }[];
  }[];
}

/** What a family's graph is built with. */
export interface GraphContext {
  readonly graph: GraphBuilder;
  readonly tensors: TensorFinder;
  /** Token ids, int64 `[batch, n]`. */
  readonly ids: Value;
  /** Positions 0..n-1, int64 `[n]`. */
  readonly positions: Value;
  /** 0 where a query sees a key, the lowest float32 elsewhere: `[n, n]`. */
  readonly causalMask: Value;
  /** Takes a layer's pattern, float32 `[batch, heads, n, n]`. */
  readonly pattern: (layer: number, value: Value) => void;
  /** Whether the logits are wanted; else the graph ends with the last layer's pattern. */
  readonly wantsLogits: boolean;
}

/** A checked config: its description, and how to build its graph. */
export interface Model {
  readonly description: ModelDescription;
  /** What may stand before the names of tensors. */
  readonly prefixes: readonly string[];
  /** Builds the graph; returns the logits, `[batch, n, vocabulary]`, where they are wanted. */
  build(context: GraphContext): Value | undefined;
}

/** A family of models: one file each. */
export interface Architecture {
  /** As people call it. */
  readonly name: string;
  /** The `model_type`s of config.json that it runs. */
  readonly modelTypes: readonly string[];
  /**
   * Understands a config.
   *
   * @throws AtlasError `config-value-invalid`, `config-key-not-understood`
   */
  read(config: RawConfig): Model;
}

/** Layers 0..count-1 that all have a full pattern: what most families need for their description. */
export function fullLayers(count: number): ModelDescription['stacks'][number]['layers'] {
  return Array.from({ length: count }, (_, index) => ({ index, kind: 'full', hasPattern: true }));
}
