import { causalConvolution } from '../blocks/causal-convolution.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Visibility, WithoutPattern } from '../sequence.ts';
import { describeDecoder, type DecoderSizes } from './decoder.ts';
import { readLayerTypes } from './layer-types.ts';

const SEEN: Readonly<Record<'full_attention' | 'conv', Visibility | WithoutPattern>> = {
  full_attention: { kind: 'full' },
  conv: { kind: 'none', reason: 'a gated convolution over a few tokens' },
};

/** What dense LFM2 models and those with experts have in common. */
export function readLfm2Layers(config: ConfigReader, sizes: DecoderSizes, indices?: readonly number[]) {
  const { width, size } = sizes;
  const epsilon = config.number('norm_eps', 1e-5);
  const bias = config.boolean('conv_bias', false);
  const kernel = config.integer('conv_L_cache', 3);
  const isTied = config.boolean('tie_embedding', config.boolean('tie_word_embeddings', true));
  const types = readLayerTypes<'full_attention' | 'conv'>(
    config,
    sizes.layers,
    (index) => (indices?.includes(index) === false ? 'conv' : 'full_attention'),
    ['full_attention', 'conv'],
  );
  const rotary = readRotary(config, { ...sizes, theta: 1_000_000 });
  config.ignore('hidden_act', 'use_pos_enc', 'num_heads', 'theta'); // always silu, and always turned

  /** out(C * convolution(B * x)), where B, C and x are parts of one matrix's output. */
  function shortConvolution(layer: LayerScope, x: Value): Value {
    const { graph } = layer;
    const block = layer.at('conv');
    const joint = linear(block, 'in_proj', x, { inputs: width, outputs: 3 * width, bias });
    const [before, after, source] = graph.split(joint, [width, width, width]);
    const gated = graph.multiply(before, source);
    const convolved = causalConvolution(block, 'conv', gated, { channels: width, kernel, bias });
    return linear(block, 'out_proj', graph.multiply(after, convolved), {
      inputs: width,
      outputs: width,
      bias,
    });
  }

  const headNorm = { norm: rmsNorm({ size, epsilon }), names: ['q_layernorm', 'k_layernorm'] as const };
  const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
  return {
    description: describeDecoder({ ...sizes, layers: types.map((type) => SEEN[type]), rotary }),
    plan: {
      sizes,
      norm: rmsNorm({ size: width, epsilon }),
      isTied,
      rotary: () => rotary,
      attention: () => ({ headNorm, names }),
      residual: preNorm(['operator_norm', 'ffn_norm']),
      finalNorm: 'embedding_norm',
      instead: shortConvolution,
    },
  };
}
