import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { toBfloat16 } from '../blocks/alibi.ts';
import { softCap } from '../blocks/attention.ts';
import { causalConvolution } from '../blocks/causal-convolution.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { gatedRecurrence } from '../blocks/gated-recurrence.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { divideEvenly, readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** De et al. 2024 (Griffin); transformers/models/recurrent_gemma/modeling_recurrent_gemma.py. */
export const recurrentGemma: Architecture = {
  name: 'RecurrentGemma',
  modelTypes: ['recurrent_gemma'],
  read(raw) {
    const config = readConfig(raw, 'RecurrentGemma', { sliding_window: 'attention_window_size' });
    const defaults = { width: 2560, heads: 10, layers: 26, inner: 7680, vocabulary: 256_000 };
    const given = readSizes(config, { ...defaults, context: Number.MAX_SAFE_INTEGER });
    const { width, heads, inner } = given;
    const sizes = { ...given, size: divideEvenly('hidden_size', width, heads) };
    const activation = readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const window = config.integer('attention_window_size', 2048);
    const kernel = config.integer('conv1d_width', 4);
    const channels = config.nullableInteger('lru_width', null) ?? width;
    const cap = config.number('logits_soft_cap', 30);
    const kinds = readKinds(config);
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.ignore('embeddings_scale_by_sqrt_dim', 'w_init_variance_scale', 'final_w_init_variance_scale');
    config.ignore('layers_block_type', '_block_types', 'layer_types');
    config.finish();
    const [embeddingScale = 1] = toBfloat16(Float32Array.of(Math.sqrt(width)));

    function recurrentBlock(layer: LayerScope, x: Value): Value {
      const { graph } = layer;
      const block = layer.at('temporal_block');
      const branch = (name: string) =>
        linear(block, name, x, { inputs: width, outputs: channels, bias: true });
      const convolved = causalConvolution(block, 'conv_1d', branch('linear_x'), {
        channels,
        kernel,
        bias: true,
      });
      const read = gatedRecurrence(block.at('rg_lru'), convolved, { heads, width: channels });
      const gated = graph.multiply(read, activation(graph, branch('linear_y')));
      return linear(block, 'linear_out', gated, { inputs: channels, outputs: width, bias: true });
    }

    return {
      description: describeDecoder({
        ...sizes,
        context: null,
        layers: Array.from({ length: sizes.layers }, (_, index) =>
          kinds[index % kinds.length] === 'attention'
            ? { kind: 'sliding', window }
            : { kind: 'none', reason: 'a gated linear recurrence' },
        ),
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: width, epsilon, offset: 1 }),
          isTied,
          embeddingScale,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: true }),
          attentionName: 'temporal_block',
          instead: recurrentBlock,
          residual: preNorm(['temporal_pre_norm', 'channel_pre_norm']),
          feedForward: (layer, x) =>
            gatedFeedForward(layer.at('mlp_block'), x, {
              width,
              inner: Math.floor(inner / 2),
              activation,
              bias: true,
            }),
          finalNorm: 'final_norm',
          adjustLogits: (graph, logits) => softCap(graph, logits, cap),
        }),
    };
  },
};

/** Kinds of blocks, which repeat. */
function readKinds(config: ConfigReader): readonly string[] {
  const kinds = config.strings('block_types') ?? ['recurrent', 'recurrent', 'attention'];
  if (kinds.length > 0 && kinds.every((kind) => kind === 'recurrent' || kind === 'attention')) return kinds;
  throw atlasError('config-value-invalid', {
    key: 'block_types',
    value: kinds,
    expected: 'recurrent and attention',
  });
}
