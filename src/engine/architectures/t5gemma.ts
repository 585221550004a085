import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { softCap } from '../blocks/attention.ts';
import { crossAttention } from '../blocks/cross-attention.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables } from '../blocks/rotary.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { describePair } from './encoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';

const CROSS = ['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const;

/** Zhang et al. 2025; transformers/models/t5gemma/modeling_t5gemma.py. */
export const t5gemma: Architecture = {
  name: 'T5Gemma',
  modelTypes: ['t5gemma'],
  read(raw) {
    const config = readConfig({ encoder: {}, decoder: {}, ...raw }, 'T5Gemma');
    const [source, target] = [config.group('encoder'), config.group('decoder')].map(readHalf) as [Half, Half];
    const vocabulary = config.integer('vocab_size', 256_000);
    config.only('tie_word_embeddings', true);
    config.only('is_encoder_decoder', true);
    config.finish();
    const bothWays = source.types.map((type) =>
      // A window counts the farthest key that is seen on either side.
      type === 'sliding_attention' && source.window !== null
        ? ({ kind: 'bidirectional', reach: source.window + 1 } as const)
        : ({ kind: 'bidirectional' } as const),
    );

    return {
      description: describePair({
        width: source.sizes.width,
        vocabulary,
        context: source.sizes.context,
        encoder: { heads: source.sizes.heads, layers: bothWays },
        decoder: { heads: target.sizes.heads, layers: seenBy(target.types, target) },
      }),
      prefixes: ['model.', ''],
      build(scopes) {
        const { encoder, decoder } = scopes;
        const memory = buildHalf(encoder, 'encoder', source, vocabulary, (_, x) => x);
        const final = buildHalf(decoder, 'decoder', target, vocabulary, (layer, x) => {
          const { sizes, norm, scale, cap } = target;
          const normed = norm(layer, 'pre_cross_attn_layernorm', x);
          const options = { ...sizes, memoryWidth: source.sizes.width, names: CROSS, scale, cap };
          const seen = crossAttention(scopes.cross(layer).at('cross_attn'), encoder, normed, memory, options);
          return decoder.graph.add(x, norm(layer, 'post_cross_attn_layernorm', seen));
        });
        return () => {
          const head = { inputs: target.sizes.width, outputs: vocabulary };
          return softCap(
            decoder.graph,
            linear(decoder, 'decoder.embed_tokens', final, head),
            target.finalCap,
          );
        };
      },
    };
  },
};

type Half = ReturnType<typeof readHalf>;

function readHalf(config: ConfigReader | undefined) {
  if (config === undefined) {
    const expected = 'an object for encoder and for decoder';
    throw atlasError('config-value-invalid', { key: 'encoder or decoder', value: undefined, expected });
  }
  const width = { width: 2304, heads: 8, shared: 4, size: 256, layers: 26, inner: 9216 };
  const sizes = readSizes(config, { ...width, vocabulary: 256_000, context: 8192 });
  config.only('attention_bias', false);
  config.only('use_bidirectional_attention', false);
  config.ignore('is_decoder', 'cross_attention_hidden_size', 'hidden_act');
  return {
    sizes,
    activation: readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh'),
    norm: rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6), offset: 1 }),
    scale: config.number('query_pre_attn_scalar', 256) ** -0.5,
    window: config.nullableInteger('sliding_window', 4096),
    types: readLayerTypes(config, sizes.layers, (index) =>
      index % 2 === 0 ? 'sliding_attention' : 'full_attention',
    ),
    cap: config.nullableNumber('attn_logit_softcapping', 50) ?? undefined,
    finalCap: config.nullableNumber('final_logit_softcapping', 30) ?? undefined,
    padding: config.integer('pad_token_id', 0, 0),
    rotary: readRotary(config, sizes),
  };
}

/** One half; no query sees a padding token of its own text. */
function buildHalf(
  root: Scope,
  name: string,
  { sizes, norm, activation, scale, cap, padding, rotary }: Half,
  vocabulary: number,
  between: (layer: LayerScope, x: Value) => Value,
): Value {
  const { graph, sequence } = root;
  const scope = root.at(name);
  const turns = rotaryTables(root, rotary);
  const attention = { ...sizes, turns, scale, cap, bias: sequence.paddingMask(padding) };
  const embedded = embedTokens(scope, 'embed_tokens', vocabulary, sizes.width);
  const stream = scope.layers('layers', graph.scale(embedded, Math.sqrt(sizes.width)), (layer, x) => {
    const read = selfAttention(layer.at('self_attn'), norm(layer, 'pre_self_attn_layernorm', x), attention);
    const seen = between(layer, graph.add(x, norm(layer, 'post_self_attn_layernorm', read)));
    const source = norm(layer, 'pre_feedforward_layernorm', seen);
    const added = gatedFeedForward(layer.at('mlp'), source, { ...sizes, activation });
    return graph.add(seen, norm(layer, 'post_feedforward_layernorm', added));
  });
  return norm(scope, 'norm', stream);
}
