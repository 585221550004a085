import { activationNamed } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { readLfm2Layers } from './lfm2-layers.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Liquid AI 2025; transformers/models/lfm2/modeling_lfm2.py. */
export const lfm2: Architecture = {
  name: 'LFM2',
  modelTypes: ['lfm2'],
  read(raw) {
    const config = readConfig(raw, 'LFM2');
    const width = { width: 2560, heads: 32, shared: 8, layers: 32, inner: 12_288 };
    const sizes = readSizes(config, { ...width, vocabulary: 65_536, context: 128_000 });
    const inner = readInner(config, sizes.inner);
    const { description, plan } = readLfm2Layers(config, sizes, config.numbers('full_attn_idxs'));
    config.ignore('block_dim', 'block_mlp_init_scale', 'block_norm_eps', 'block_out_init_scale');
    config.ignore('block_use_swiglu', 'block_use_xavier_init', 'conv_use_xavier_init');
    config.ignore('conv_dim', 'conv_dim_out');
    config.finish();
    const activation = activationNamed('silu', 'hidden_act');
    const mlp = { ...sizes, inner, activation, names: ['w1', 'w3', 'w2'] as const };

    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          feedForward: (layer, x) => gatedFeedForward(layer.at('feed_forward'), x, mlp),
        }),
    };
  },
};

/** Two thirds of the given width, times a factor, rounded up to a multiple, where the config asks for it. */
function readInner(config: ConfigReader, given: number): number {
  const width = config.integer('block_ff_dim', given);
  const isAdjusted = config.boolean('block_auto_adjust_ff_dim', true);
  const factor = config.number('block_ffn_dim_multiplier', 1);
  const multiple = config.integer('block_multiple_of', 256);
  if (!isAdjusted) return width;
  const reduced = Math.trunc((2 * width) / 3);
  return multiple * Math.ceil(Math.trunc(factor * reduced) / multiple);
}
