import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { causalWeight, gatedDeltaNet, type GatedDeltaNet } from '../blocks/gated-delta-net.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { outputNorm, preNorm, type Residual } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { divideEvenly, readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes, type DecoderSizes } from './decoder.ts';
import { readHybridTypes } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';
import { DELTA_NET_LAYER } from './qwen-hybrid.ts';

/** Ai2 2026; transformers/models/olmo_hybrid/modeling_olmo_hybrid.py. */
export const olmoHybrid: Architecture = {
  name: 'OLMo Hybrid',
  modelTypes: ['olmo_hybrid'],
  read(raw) {
    const config = readConfig(raw, 'OLMo Hybrid');
    const defaults = { width: 3840, heads: 30, layers: 32, inner: 11_008 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 100_352, context: 65_536 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const net = readNet(config, sizes);
    const last = sizes.layers - 1;
    const types = readHybridTypes(config, sizes.layers, (index) =>
      index % 4 === 3 || (index === last && last < 3) ? 'full_attention' : 'linear_attention',
    );
    const isTurned = hasPositions(raw);
    const rotary = readRotary(config, sizes);
    config.ignore(
      'linear_a_log_min',
      'linear_a_log_max',
      'linear_dt_min',
      'linear_dt_max',
      'linear_dt_init_floor',
    );
    config.finish();

    // Attention is normed as OLMo 2 has it, a net as Llama's attention is.
    const residual: Residual = (layer, x, parts) => {
      if (layer.layer?.kind !== 'none') {
        const first = layer.has('post_attention_layernorm.weight')
          ? 'post_attention_layernorm'
          : 'feedforward_layer_norm';
        return outputNorm([first, 'post_feedforward_layernorm'])(layer, x, parts);
      }
      const isOlder = layer.has('attention_layer_norm.weight');
      return preNorm(isOlder ? ['attention_layer_norm', 'feedforward_layer_norm'] : undefined)(
        layer,
        x,
        parts,
      );
    };

    return {
      description: describeDecoder({
        ...sizes,
        layers: types.map((type) => (type === 'full_attention' ? { kind: 'full' } : DELTA_NET_LAYER)),
        rotary,
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => (isTurned ? rotary : undefined),
          attention: () => ({ queryBias: bias, outputBias: bias, flatNorms: flatNorms(sizes, epsilon) }),
          instead: (layer, x) => deltaNet(layer.at('linear_attn'), x, net),
          residual,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};

function readNet(config: ConfigReader, { width, heads }: DecoderSizes): GatedDeltaNet {
  const keyHeads = config.nullableInteger('linear_num_key_heads', null) ?? heads;
  const valueHeads = config.nullableInteger('linear_num_value_heads', null) ?? heads;
  divideEvenly('linear_num_value_heads', valueHeads, keyHeads);
  const keySize =
    config.nullableInteger('linear_key_head_dim', null) ?? Math.trunc((0.75 * width) / keyHeads);
  return {
    width,
    keyHeads,
    valueHeads,
    keySize,
    valueSize: config.nullableInteger('linear_value_head_dim', null) ?? 2 * keySize,
    kernel: config.integer('linear_conv_kernel_dim', 4),
    activation: readActivation(config, 'hidden_act', 'silu'),
    epsilon: 1e-5,
    greatestRate: config.boolean('linear_allow_neg_eigval', true) ? 2 : 1,
    names: { norm: 'o_norm', output: 'o_proj' },
  };
}

/** The released models turn nothing: their rotary settings have a base that is null. */
function hasPositions({
  rope_parameters: group,
  rope_theta: theta,
}: Readonly<Record<string, unknown>>): boolean {
  const inner =
    typeof group === 'object' && group !== null ? (group as { rope_theta?: unknown }).rope_theta : undefined;
  return inner === undefined ? theta !== null : inner !== null;
}

function deltaNet(scope: LayerScope, x: Value, net: GatedDeltaNet): Value {
  const { width, keyHeads, keySize, valueHeads, valueSize } = net;
  const { graph } = scope;
  const project = (name: string, outputs: number) => linear(scope, name, x, { inputs: width, outputs });
  const [keys, values] = [keyHeads * keySize, valueHeads * valueSize];
  const joint = graph.concat(
    [project('q_proj', keys), project('k_proj', keys), project('v_proj', values)],
    -1,
  );
  const inputs = {
    joint,
    gate: project('g_proj', values),
    rate: project('b_proj', valueHeads),
    decay: project('a_proj', valueHeads),
  };
  return gatedDeltaNet(scope, { ...inputs, convolution: convolutionOf(scope, net) }, net);
}

/** One tensor, or three, which need not be cut where queries, keys and values meet. */
function convolutionOf(scope: Scope, net: GatedDeltaNet): Value {
  if (scope.has('conv1d.weight')) return causalWeight(scope, 'conv1d', net);
  const parts = ['q_conv1d', 'k_conv1d', 'v_conv1d'].map((name) => {
    const [channels = 0] = scope.shapeOf(`${name}.weight`) ?? [];
    return scope.weight(`${name}.weight`, [channels, 1, net.kernel]);
  });
  return scope.graph.concat(parts, 0);
}
