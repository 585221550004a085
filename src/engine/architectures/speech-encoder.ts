import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { convolution } from '../blocks/convolution.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { addPositionConvolution } from '../blocks/position-convolution.ts';
import { postNorm, preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { FamilyModel } from './architecture.ts';
import { describeEncoder } from './encoder.ts';

/** What HuBERT may set differently from wav2vec 2.0. */
interface SpeechOptions {
  readonly projectionNorm: boolean;
  readonly batchNorm: boolean;
}

/** What PyTorch adds to a variance by default; the convolutions' norms keep to it, whatever layer_norm_eps is. */
const EPSILON = 1e-5;

/** Keys of training, of heads other than the one for letters, and of the preparation of sound. */
const WITHOUT_EFFECT = [
  'apply_spec_augment',
  'ctc_loss_reduction',
  'ctc_zero_infinity',
  'classifier_proj_size',
  'use_weighted_layer_sum',
  'feature_extractor_type',
  'freeze_feat_extract_train',
  'num_feat_extract_layers', // the length of conv_dim counts
  ...['channel', 'feature', 'time'].flatMap((axis) =>
    ['length', 'min_masks', 'min_space', 'other', 'prob', 'selection'].map((key) => `mask_${axis}_${key}`),
  ),
  'no_mask_channel_overlap',
  'no_mask_time_overlap',
] as const;

/** Convolutions on the waveform, positions by a convolution, and an encoder (Baevski et al. 2020). */
export function readSpeechEncoder(
  config: ConfigReader,
  prefix: string,
  { projectionNorm, batchNorm }: SpeechOptions,
): FamilyModel {
  const width = config.integer('hidden_size', 768);
  const heads = config.integer('num_attention_heads', 12);
  const layers = config.integer('num_hidden_layers', 12);
  const inner = config.integer('intermediate_size', 3072);
  const vocabulary = config.integer('vocab_size', 32);
  const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_eps', 1e-5) });
  const hiddenActivation = readActivation(config, 'hidden_act', 'gelu');
  const isStable = config.boolean('do_stable_layer_norm', false);
  const listens = readConvolutions(config);
  const projection = layerNorm({ size: listens.outputs, epsilon: config.number('layer_norm_eps', 1e-5) });
  const groups = config.integer('num_conv_pos_embedding_groups', 16);
  divideEvenly('hidden_size', width, groups);
  const positions = {
    width,
    kernel: config.integer('num_conv_pos_embeddings', 128),
    groups,
    activation: listens.activation,
    batchNorm,
  };
  config.ignore(...WITHOUT_EFFECT);
  config.finish();

  const size = divideEvenly('hidden_size', width, heads);
  const attention = {
    width,
    heads,
    shared: heads,
    size,
    names: ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const,
    queryBias: true,
    outputBias: true,
    scale: size ** -0.5,
  };
  const names = ['feed_forward.intermediate_dense', 'feed_forward.output_dense'] as const;
  const sizes = { width, inner, activation: hiddenActivation, bias: true, names };
  const residual = (isStable ? preNorm : postNorm)(['layer_norm', 'final_layer_norm']);

  return {
    description: {
      ...describeEncoder({ width, vocabulary, context: null, heads, layers }),
      signal: { kind: 'samples', convolutions: listens.convolutions },
    },
    prefixes: [prefix, ''],
    build({ self, signal }) {
      const heard = listens.build(self.at('feature_extractor'), signal);
      const normed = projectionNorm ? projection(self, 'feature_projection.layer_norm', heard) : heard;
      const tokens = linear(self, 'feature_projection.projection', normed, {
        inputs: listens.outputs,
        outputs: width,
        bias: true,
      });
      const encoder = self.at('encoder');
      const placed = addPositionConvolution(encoder.at('pos_conv_embed'), tokens, positions);
      const start = isStable ? placed : norm(encoder, 'layer_norm', placed);
      const end = encoder.layers('layers', start, (layer, x) =>
        residual(layer, x, {
          norm,
          attention: (y) => selfAttention(layer.at('attention'), y, attention),
          feedForward: (y) => feedForward(layer, y, sizes),
        }),
      );
      if (!self.has('lm_head.weight')) return undefined; // saved without a head
      return () => {
        const output = isStable ? norm(encoder, 'layer_norm', end) : end;
        return linear(self, 'lm_head', output, { inputs: width, outputs: vocabulary, bias: true });
      };
    },
  };
}

/** The convolutions that turn samples into tokens: how long each is, and how to build them. */
function readConvolutions(config: ConfigReader) {
  const outputs = wholeNumbers(config, 'conv_dim', [512, 512, 512, 512, 512, 512, 512]);
  const kernels = wholeNumbers(config, 'conv_kernel', [10, 3, 3, 3, 3, 2, 2], outputs.length);
  const strides = wholeNumbers(config, 'conv_stride', [5, 2, 2, 2, 2, 2, 2], outputs.length);
  const bias = config.boolean('conv_bias', false);
  const kind = config.choice('feat_extract_norm', ['group', 'layer'], 'group');
  const activation = readActivation(config, 'feat_extract_activation', 'gelu');
  const last = outputs.at(-1) ?? 0;
  const convolutions = kernels.map((kernel, index) => ({ kernel, stride: strides[index] ?? 1 }));

  /** Samples `[batch, samples]` to `[tokens, last]`. */
  function build(scope: Scope, samples: Value): Value {
    const { graph } = scope;
    const wave = graph.op('Unsqueeze', [samples, graph.integers([1])]); // [batch, 1, samples]
    const heard = convolutions.reduce((x, { kernel, stride }, index) => {
      const part = scope.at(`conv_layers.${index}`);
      const channels = outputs[index] ?? 0;
      const convolved = convolution(part, 'conv', x, {
        inputs: outputs[index - 1] ?? 1,
        outputs: channels,
        kernel: [kernel],
        strides: [stride],
        bias,
      });
      if (kind === 'layer') return activation(graph, normalizeChannels(part, convolved, channels));
      return activation(graph, index === 0 ? normalizeTime(part, convolved, channels) : convolved);
    }, wave);
    return graph.reshape(graph.transpose(heard, [0, 2, 1]), [-1, last]);
  }

  return { convolutions, outputs: last, activation, build };
}

/** Layer normalisation over the channels of `[batch, channels, n]`. */
function normalizeChannels(scope: Scope, x: Value, channels: number): Value {
  const { graph } = scope;
  const norm = layerNorm({ size: channels, epsilon: EPSILON });
  return graph.transpose(norm(scope, 'layer_norm', graph.transpose(x, [0, 2, 1])), [0, 2, 1]);
}

/** Group normalisation (Wu and He 2018) with one group a channel: over the time of `[batch, channels, n]`. */
function normalizeTime(scope: Scope, x: Value, channels: number): Value {
  const parameters = ['weight', 'bias'].map((name) => scope.weight(`layer_norm.${name}`, [channels]));
  return scope.graph.op('InstanceNormalization', [x, ...parameters], { epsilon: { float: EPSILON } });
}

function wholeNumbers(
  config: ConfigReader,
  key: string,
  fallback: readonly number[],
  length?: number,
): readonly number[] {
  const values = config.numbers(key) ?? fallback;
  const areWhole = values.length > 0 && values.every((value) => Number.isSafeInteger(value) && value > 0);
  if (areWhole && values.length === (length ?? values.length)) return values;
  const expected = `whole numbers of at least 1${length === undefined ? '' : `, ${length} of them as conv_dim has`}`;
  throw atlasError('config-value-invalid', { key, value: values, expected });
}
