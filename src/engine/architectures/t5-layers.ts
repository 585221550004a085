import { activationNamed, tanhGelu, type Activation } from '../blocks/activation.ts';
import { crossAttention } from '../blocks/cross-attention.ts';
import { feedForward, gatedFeedForward } from '../blocks/feed-forward.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { relativeBias } from '../blocks/relative-bias.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { LogitsBuilder, ModelScopes } from './architecture.ts';
import { describePair } from './encoder.ts';

/** Other names that transformers gives to keys of T5 and what came from it. */
export const T5_ALIASES = {
  hidden_size: 'd_model',
  num_attention_heads: 'num_heads',
  num_hidden_layers: 'num_layers',
  head_dim: 'd_kv',
};

interface T5Defaults {
  readonly width: number;
  readonly inner: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocabulary: number;
}

/** What T5, mT5 and Switch Transformers have in common. */
export function readT5(config: ConfigReader, defaults: T5Defaults) {
  const width = config.integer('d_model', defaults.width);
  const layers = config.integer('num_layers', defaults.layers);
  const sizes = {
    width,
    layers,
    size: config.integer('d_kv', 64),
    inner: config.integer('d_ff', defaults.inner),
    heads: config.integer('num_heads', defaults.heads),
    decoderLayers: config.integer('num_decoder_layers', layers),
    vocabulary: config.integer('vocab_size', defaults.vocabulary),
    buckets: config.integer('relative_attention_num_buckets', 32),
    farthest: config.integer('relative_attention_max_distance', 128),
  };
  const norm = rmsNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-6) });
  config.only('is_encoder_decoder', true);
  config.only('is_decoder', false);
  config.ignore('n_positions', 'output_past', 'decoder_start_token_id', 'max_position_embeddings');
  const half = (count: number) => ({ heads: sizes.heads, layers: count });
  const description = describePair({
    width,
    vocabulary: sizes.vocabulary,
    context: null,
    encoder: half(layers),
    decoder: half(sizes.decoderLayers),
  });
  return { sizes, norm, description };
}

/** The feed-forward that `feed_forward_proj` names: `relu`, or `gated-` and a function. */
export function readT5FeedForward(config: ConfigReader, fallback: string) {
  const name = config.text('feed_forward_proj', fallback);
  const isGated = name.startsWith('gated-');
  const activation: Activation =
    name === 'gated-gelu' ? tanhGelu : activationNamed(name.replace(/^gated-/u, ''), 'feed_forward_proj');
  config.ignore('dense_act_fn', 'is_gated_act');
  return (scope: Scope, x: Value, { width, inner }: { readonly width: number; readonly inner: number }) => {
    const part = scope.at('DenseReluDense');
    if (!isGated) return feedForward(part, x, { width, inner, activation, names: ['wi', 'wo'] });
    return gatedFeedForward(part, x, { width, inner, activation, names: ['wi_0', 'wi_1', 'wo'] });
  };
}

interface T5Parts extends ReturnType<typeof readT5> {
  /** With the tensors of the layer's last part. */
  readonly feedForward: (scope: LayerScope, x: Value, isDecoder: boolean) => Value;
  readonly logitScale: number;
}

/** Builds both halves. The position bias of a half's first layer serves all its layers. */
export function buildT5(
  scopes: ModelScopes,
  { sizes, norm, feedForward: added, logitScale }: T5Parts,
): LogitsBuilder {
  const { width, heads, size, vocabulary, buckets, farthest } = sizes;
  const { encoder, decoder } = scopes;
  const { graph } = encoder;
  const names = ['q', 'k', 'v', 'o'] as const;
  const table = 'block.0.layer.0.SelfAttention.relative_attention_bias';

  function half(
    root: Scope,
    part: 'encoder' | 'decoder',
    between: (layer: LayerScope, x: Value) => Value,
  ): Value {
    const isDecoder = part === 'decoder';
    const scope = root.at(part);
    const bias = relativeBias(scope, table, { heads, buckets, farthest, bidirectional: !isDecoder });
    const attention = { width, heads, shared: heads, size, names, bias, scale: 1 };
    const stream = scope.layers('block', embedTokens(root, 'shared', vocabulary, width), (layer, x) => {
      const first = layer.at('layer.0');
      const attended = graph.add(
        x,
        selfAttention(first.at('SelfAttention'), norm(first, 'layer_norm', x), attention),
      );
      const seen = between(layer, attended);
      const last = layer.at(`layer.${isDecoder ? 2 : 1}`);
      return graph.add(seen, added(last, norm(last, 'layer_norm', seen), isDecoder));
    });
    return norm(scope, 'final_layer_norm', stream);
  }

  const memory = half(encoder, 'encoder', (_, x) => x);
  const final = half(decoder, 'decoder', (layer, x) => {
    const part = scopes.cross(layer).at('layer.1');
    const options = { width, heads, size, names, scale: 1 };
    const normed = norm(part, 'layer_norm', x);
    return graph.add(x, crossAttention(part.at('EncDecAttention'), encoder, normed, memory, options));
  });
  return () => {
    const head = decoder.has('lm_head.weight') ? 'lm_head' : 'shared';
    return linear(decoder, head, graph.scale(final, logitScale), { inputs: width, outputs: vocabulary });
  };
}
