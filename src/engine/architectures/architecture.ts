import type { RawConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayoutKind, Stack } from '../../schema/stacks.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { LayerDescription } from '../sequence.ts';
import type { Quantization } from '../quantization.ts';
import type { SignalInput } from '../signal.ts';

/** One stack of layers whose patterns have one shape. */
export interface StackDescription {
  readonly stack: Stack;
  readonly layout: LayoutKind;
  readonly heads: number;
  readonly layers: readonly LayerDescription[];
}

/** A model as its config describes it. */
export interface ModelDescription {
  readonly family: string;
  /** `model_type` of config.json. */
  readonly modelType: string;
  readonly hiddenSize: number;
  /** 0 where it neither reads nor writes tokens of a vocabulary. */
  readonly vocabularySize: number;
  /** The longest input in tokens, or null where nothing bounds it. */
  readonly context: number | null;
  readonly stacks: readonly StackDescription[];
  /** What it reads in place of token ids. */
  readonly signal?: SignalInput;
}

/** The parts that a graph is built from; each throws in a model that lacks its stack. */
export interface ModelScopes {
  /** Of a model with one stack. */
  readonly self: Scope;
  readonly encoder: Scope;
  readonly decoder: Scope;
  /** The cross-attention of a layer of the decoder, which sees every key of the encoder. */
  cross(layer: LayerScope): LayerScope;
  /** Of a model that reads no ids: pixels `[batch, channels, height, width]` or samples `[batch, samples]`. */
  readonly signal: Value;
}

/** Builds the logits, `[batch * n, vocabulary]` (of the decoder, where there is one); called where they are wanted. */
export interface LogitsBuilder {
  (): Value;
  /**
   * How far vectors that are added to the stream, `[batch, heads, keys, width]`, raise the logits of the sequence's tokens,
   * `[batch, heads, keys, n]`, as `logit-effects` of extras.ts; left out where no part of that is linear.
   */
  readonly effects?: (written: Value) => Value;
}

/** A config as its family understands it. */
export interface FamilyModel {
  readonly description: Omit<ModelDescription, 'family' | 'modelType'>;
  /** What may stand before the names of tensors; the empty string for nothing. The first that fits is taken. */
  readonly prefixes: readonly string[];
  /** Builds the graph; undefined for a model without a head. */
  build(scopes: ModelScopes): LogitsBuilder | undefined;
}

/** A checked config: its description, and how to build its graph. */
export interface Model extends FamilyModel {
  readonly description: ModelDescription;
  readonly quantization: Quantization;
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
   * @param readText understands the config of a part that is another family's
   * @throws AtlasError `config-value-invalid`, `config-key-not-understood`
   */
  read(config: RawConfig, readText: (config: RawConfig) => FamilyModel): FamilyModel;
}
