import { readActivation } from '../blocks/activation.ts';
import { causalWeight, gatedDeltaNet, type GatedDeltaNet } from '../blocks/gated-delta-net.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { divideEvenly, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import { describeDecoder, type DecoderSizes } from './decoder.ts';
import { readHybridTypes } from './layer-types.ts';

/** What is said of a layer with a gated delta net in place of attention. */
export const DELTA_NET_LAYER = { kind: 'none', reason: 'a gated delta net (linear attention)' } as const;

type Sizes = Pick<GatedDeltaNet, 'keyHeads' | 'valueHeads' | 'keySize' | 'valueSize'>;

/** What Qwen3-Next and Qwen 3.5 have in common: gated delta nets, and layers that attend with a gate behind each query. */
export function readQwenHybrid(config: ConfigReader, sizes: DecoderSizes) {
  const { width, size } = sizes;
  const activation = readActivation(config, 'hidden_act', 'silu');
  const epsilon = config.number('rms_norm_eps', 1e-6);
  const isTied = config.boolean('tie_word_embeddings', false);
  const bias = config.boolean('attention_bias', false);
  const every = config.integer('full_attention_interval', 4);
  const types = readHybridTypes(config, sizes.layers, (index) =>
    (index + 1) % every === 0 ? 'full_attention' : 'linear_attention',
  );
  const rotary = readRotary(config, { ...sizes, share: 0.25 });
  const net: GatedDeltaNet = {
    width,
    ...readNetSizes(config),
    kernel: config.integer('linear_conv_kernel_dim', 4),
    activation,
    epsilon,
    names: { norm: 'norm', output: 'out_proj' },
  };
  config.only('attn_output_gate', true);
  config.ignore('use_sliding_window', 'sliding_window', 'max_window_layers'); // every layer that attends sees all
  config.ignore('mamba_ssm_dtype', 'mtp_num_hidden_layers', 'mtp_use_dedicated_embeddings');

  function deltaNet(layer: LayerScope, x: Value): Value {
    const block = layer.at('linear_attn');
    const inputs = block.has('in_proj_qkvz.weight') ? byKeyHead(block, x, net) : apart(block, x, net);
    return gatedDeltaNet(block, { ...inputs, convolution: causalWeight(block, 'conv1d', net) }, net);
  }

  const headNorm = { norm: rmsNorm({ size, epsilon, offset: 1 }), names: ['q_norm', 'k_norm'] as const };
  return {
    activation,
    description: describeDecoder({
      ...sizes,
      layers: types.map((type) => (type === 'full_attention' ? { kind: 'full' } : DELTA_NET_LAYER)),
      rotary,
    }),
    plan: {
      sizes,
      norm: rmsNorm({ size: width, epsilon, offset: 1 }),
      isTied,
      rotary: () => rotary,
      attention: () => ({ queryBias: bias, outputBias: bias, queryGate: true, headNorm }),
      instead: deltaNet,
    },
  };
}

function readNetSizes(config: ConfigReader): Sizes {
  const keyHeads = config.integer('linear_num_key_heads', 16);
  const valueHeads = config.integer('linear_num_value_heads', 32);
  divideEvenly('linear_num_value_heads', valueHeads, keyHeads);
  return {
    keyHeads,
    valueHeads,
    keySize: config.integer('linear_key_head_dim', 128),
    valueSize: config.integer('linear_value_head_dim', 128),
  };
}

/** Qwen3-Next: two matrices, in which what belongs to a key head lies together. */
function byKeyHead(
  scope: Scope,
  x: Value,
  { width, keyHeads, valueHeads, keySize, valueSize }: GatedDeltaNet,
) {
  const { graph } = scope;
  const members = valueHeads / keyHeads;
  const project = (name: string, parts: readonly number[]) => {
    const each = parts.reduce((sum, part) => sum + part, 0);
    const joint = linear(scope, name, x, { inputs: width, outputs: keyHeads * each });
    const split = graph.split(graph.reshape(joint, [-1, keyHeads, each]), parts);
    return split.map((part, index) => graph.reshape(part, [-1, keyHeads * (parts[index] ?? 0)]));
  };
  const values = members * valueSize;
  const [query, key, value, gate] = project('in_proj_qkvz', [keySize, keySize, values, values]) as Values4;
  const [rate, decay] = project('in_proj_ba', [members, members]) as [Value, Value];
  return { joint: graph.concat([query, key, value], -1), gate, rate, decay };
}

type Values4 = [Value, Value, Value, Value];

/** Qwen 3.5: a matrix for each. */
function apart(scope: Scope, x: Value, { width, keyHeads, valueHeads, keySize, valueSize }: GatedDeltaNet) {
  const project = (name: string, outputs: number) => linear(scope, name, x, { inputs: width, outputs });
  const values = valueHeads * valueSize;
  return {
    joint: project('in_proj_qkv', 2 * keyHeads * keySize + values),
    gate: project('in_proj_z', values),
    rate: project('in_proj_b', valueHeads),
    decay: project('in_proj_a', valueHeads),
  };
}
