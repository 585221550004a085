import { divideEvenly, type ConfigReader } from '../config-reader.ts';
import type { Rotary } from '../blocks/rotary.ts';
import type { LayerDescription, Visibility, WithoutPattern } from '../sequence.ts';
import type { FamilyModel } from './architecture.ts';

/** Sizes that a decoder's config gives under the names that Llama made usual. */
export interface DecoderSizes {
  readonly width: number;
  readonly heads: number;
  /** Key and value heads. */
  readonly shared: number;
  /** Coordinates of a head. */
  readonly size: number;
  readonly layers: number;
  /** Width of the feed-forward's hidden layer. */
  readonly inner: number;
  readonly vocabulary: number;
  readonly context: number;
}

/** What the family's config class in transformers takes where the config has no value. */
interface SizeDefaults {
  readonly width: number;
  readonly heads: number;
  /** As many as heads if left out. */
  readonly shared?: number;
  /** width / heads if left out. */
  readonly size?: number;
  readonly layers: number;
  readonly inner: number;
  readonly vocabulary: number;
  readonly context: number;
}

/** @throws AtlasError `config-value-invalid` */
export function readSizes(config: ConfigReader, defaults: SizeDefaults): DecoderSizes {
  const width = config.integer('hidden_size', defaults.width);
  const heads = config.integer('num_attention_heads', defaults.heads);
  const shared = config.nullableInteger('num_key_value_heads', defaults.shared ?? heads) ?? heads;
  divideEvenly('num_attention_heads', heads, shared);
  const size = config.nullableInteger('head_dim', defaults.size ?? null);
  return {
    width,
    heads,
    shared,
    size: size ?? divideEvenly('hidden_size', width, heads),
    layers: config.integer('num_hidden_layers', defaults.layers),
    inner: config.integer('intermediate_size', defaults.inner),
    vocabulary: config.integer('vocab_size', defaults.vocabulary),
    context: config.integer('max_position_embeddings', defaults.context),
  };
}

interface DecoderFacts {
  readonly width: number;
  readonly vocabulary: number;
  readonly context: number | null;
  readonly heads: number;
  /** What scales its positions, where it may read beyond `context`. */
  readonly rotary?: Rotary;
  /** What each layer sees, or the number of layers that see all before. */
  readonly layers: number | readonly (Visibility | WithoutPattern)[];
}

/** The description of a model with one causal stack. */
export function describeDecoder({ layers, rotary, ...facts }: DecoderFacts): FamilyModel['description'] {
  const seen =
    typeof layers === 'number' ? Array.from({ length: layers }, () => ({ kind: 'full' as const })) : layers;
  return {
    hiddenSize: facts.width,
    vocabularySize: facts.vocabulary,
    context: reachOf(facts.context, rotary),
    stacks: [{ stack: 'self', layout: 'causal', heads: facts.heads, layers: seen.map(describeLayer) }],
  };
}

function describeLayer(layer: Visibility | WithoutPattern, index: number): LayerDescription {
  return { index, hasPattern: layer.kind !== 'none', ...layer };
}

/** The longest input that the positions are made for; null where they stretch with it. */
function reachOf(context: number | null, rotary: Rotary | undefined): number | null {
  if (context === null || rotary?.reach === Infinity) return null;
  return Math.max(context, rotary?.reach ?? 0);
}
