import { readActivation } from '../blocks/activation.ts';
import { crossAttention } from '../blocks/cross-attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { LogitsBuilder, ModelScopes } from './architecture.ts';
import { describePair } from './encoder.ts';

const NAMES = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
/** transformers sets these keys by the names on the left, too, and then takes them for what counts. */
export const BART_ALIASES = {
  num_attention_heads: 'encoder_attention_heads',
  hidden_size: 'd_model',
  num_hidden_layers: 'encoder_layers',
};

interface BartDefaults {
  readonly width: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly layers: readonly [encoder: number, decoder: number];
  readonly heads: number;
  readonly inner: number;
  readonly activation: string;
  readonly isScaled: boolean;
}

/** What BART and its relatives have in common. */
export function readBart(config: ConfigReader, defaults: BartDefaults) {
  const width = config.integer('d_model', defaults.width);
  const half = (name: 'encoder' | 'decoder', layers: number) => ({
    layers: config.integer(`${name}_layers`, layers),
    heads: config.integer(`${name}_attention_heads`, defaults.heads),
    inner: config.integer(`${name}_ffn_dim`, defaults.inner),
  });
  const [encoder, decoder] = [half('encoder', defaults.layers[0]), half('decoder', defaults.layers[1])];
  const vocabulary = config.integer('vocab_size', defaults.vocabulary);
  const context = config.integer('max_position_embeddings', defaults.context);
  const activation = readActivation(config, 'activation_function', defaults.activation);
  const isScaled = config.boolean('scale_embedding', defaults.isScaled);
  config.only('is_encoder_decoder', true);
  config.only('tie_word_embeddings', true);
  config.ignore('normalize_before', 'add_final_layer_norm', 'normalize_embedding');
  config.ignore('add_bias_logits', 'static_position_embeddings', 'extra_pos_embeddings', 'classif_dropout');
  config.ignore('force_bos_token_to_be_generated', 'do_blenderbot_90_layernorm', 'layernorm_variant');
  return {
    sizes: {
      width,
      vocabulary,
      context,
      encoder,
      decoder,
      activation,
      scale: isScaled ? Math.sqrt(width) : 1,
    },
    description: describePair({ width, vocabulary, context, encoder, decoder }),
  };
}

interface BartParts {
  readonly sizes: ReturnType<typeof readBart>['sizes'];
  /** Whether norms stand before the parts of a layer, and one at the end; else behind them. */
  readonly isPreNorm: boolean;
  /** Whether embeddings are normalised. */
  readonly hasEmbeddingNorm: boolean;
  /** Adds positions to the embeddings of a half, `[tokens, width]`. */
  readonly position: (scope: Scope, embedded: Value) => Value;
  /** The decoder's embedding, where it has its own. */
  readonly decoderEmbedding?: { readonly name: string; readonly vocabulary: number };
  readonly hasLogitsBias: boolean;
}

/** Builds both halves, and the head that is the decoder's embedding. */
export function buildBart(scopes: ModelScopes, parts: BartParts): LogitsBuilder {
  const { sizes, isPreNorm, hasEmbeddingNorm, position, hasLogitsBias } = parts;
  const { width, vocabulary, activation, scale } = sizes;
  const { encoder, decoder } = scopes;
  const { graph } = encoder;
  const norm = layerNorm({ size: width, epsilon: 1e-5 });
  const own = parts.decoderEmbedding ?? { name: sharedName(encoder), vocabulary };

  /** One part of a layer with its norm and residual. */
  function step(layer: LayerScope, name: string, x: Value, apply: (source: Value) => Value): Value {
    if (isPreNorm) return graph.add(x, apply(norm(layer, name, x)));
    return norm(layer, name, graph.add(x, apply(x)));
  }

  function half(
    root: Scope,
    name: 'encoder' | 'decoder',
    start: Value,
    between: (layer: LayerScope, x: Value) => Value,
  ) {
    const { heads, inner } = sizes[name];
    const size = divideEvenly('d_model', width, heads);
    const scope = root.at(name);
    const attention = {
      width,
      heads,
      shared: heads,
      size,
      names: NAMES,
      queryBias: true,
      outputBias: true,
      scale: size ** -0.5,
    };
    const mlp = { width, inner, activation, bias: true, names: ['fc1', 'fc2'] as const };
    const placed = position(scope, graph.scale(start, scale));
    const first = hasEmbeddingNorm ? norm(scope, 'layernorm_embedding', placed) : placed;
    const stream = scope.layers('layers', first, (layer, x) => {
      const attended = step(layer, 'self_attn_layer_norm', x, (source) =>
        selfAttention(layer.at('self_attn'), source, attention),
      );
      const seen = between(layer, attended);
      return step(layer, 'final_layer_norm', seen, (source) => feedForward(layer, source, mlp));
    });
    return isPreNorm ? norm(scope, 'layer_norm', stream) : stream;
  }

  const memory = half(
    encoder,
    'encoder',
    embedTokens(encoder, sharedName(encoder), vocabulary, width),
    (_, x) => x,
  );
  const target = embedTokens(decoder, own.name, own.vocabulary, width);
  const final = half(decoder, 'decoder', target, (layer, x) =>
    step(layer, 'encoder_attn_layer_norm', x, (source) => {
      const { heads } = sizes.decoder;
      const size = width / heads;
      const options = { width, heads, size, bias: true, names: NAMES, scale: size ** -0.5 };
      return crossAttention(scopes.cross(layer).at('encoder_attn'), encoder, source, memory, options);
    }),
  );
  return () => {
    const logits = linear(decoder, own.name, final, { inputs: width, outputs: own.vocabulary });
    if (!hasLogitsBias || !decoder.has('final_logits_bias')) return logits;
    return graph.add(logits, decoder.weight('final_logits_bias', [1, own.vocabulary]));
  };
}

/** The name under which a checkpoint kept the embedding that everything shares. */
function sharedName(scope: Scope): string {
  const names = ['shared', 'encoder.embed_tokens', 'decoder.embed_tokens', 'lm_head'];
  return names.find((name) => scope.has(`${name}.weight`)) ?? 'shared';
}
