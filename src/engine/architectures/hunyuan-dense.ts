import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { plainRotary, readRotary, type Rotary } from '../blocks/rotary.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes, type DecoderSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Tencent 2025; transformers/models/hunyuan_v1_dense/modeling_hunyuan_v1_dense.py. */
export const hunyuanDense: Architecture = {
  name: 'HunYuan Dense',
  modelTypes: ['hunyuan_v1_dense'],
  read(raw) {
    const config = readConfig(raw, 'HunYuan Dense');
    const defaults = {
      width: 4096,
      heads: 32,
      layers: 32,
      inner: 11_008,
      vocabulary: 290_943,
      context: 2048,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const rotary = readAlphaRotary(config, sizes) ?? readRotary(config, sizes);
    config.only('use_cla', false);
    config.ignore(
      'use_qk_norm',
      'attention_head_dim',
      'eod_token_id',
      'pretraining_tp',
      'cla_share_factor',
      'mlp_bias',
    );
    config.ignore('norm_type', 'use_rotary_pos_emb', 'rope_type', 'org_vocab_size', 'sep_token_id', 'pad_id');
    config.finish();
    const norm = rmsNorm({ size: sizes.size, epsilon });
    const headNorm = { norm, names: ['query_layernorm', 'key_layernorm'] as const, afterTurn: true };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};

/** A base that grows by a fixed alpha, which these configs call dynamic. */
function readAlphaRotary(config: ConfigReader, { size }: DecoderSizes): Rotary | undefined {
  const group = config.group('rope_scaling') ?? config.group('rope_parameters');
  const kind = group?.text('rope_type', group.text('type', 'default'));
  const alpha = group?.optionalNumber('alpha') ?? 0;
  if (group === undefined || kind !== 'dynamic' || alpha === 0) return undefined;
  const theta = group.number('rope_theta', config.number('rope_theta', 10_000));
  group.ignore(
    'factor',
    'beta_fast',
    'beta_slow',
    'mscale',
    'mscale_all_dim',
    'original_max_position_embeddings',
  );
  return plainRotary(theta * alpha ** (size / (size - 2)), size);
}
