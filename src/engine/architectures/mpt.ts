import { exactGelu } from '../blocks/activation.ts';
import { alibiBias, mptSlopes } from '../blocks/alibi.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { embedTokens } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

const ALIASES = { num_attention_heads: 'n_heads', hidden_size: 'd_model', num_hidden_layers: 'n_layers' };

/** MosaicML 2023; transformers/models/mpt/modeling_mpt.py. */
export const mpt: Architecture = {
  name: 'MPT',
  modelTypes: ['mpt'],
  read(raw) {
    const config = readConfig(raw, 'MPT', ALIASES);
    const width = config.integer('d_model', 2048);
    const heads = config.integer('n_heads', 16);
    const layers = config.integer('n_layers', 24);
    const context = config.integer('max_seq_len', 2048);
    const vocabulary = config.integer('vocab_size', 50_368);
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5), bias: false });
    const head = config.boolean('tie_word_embeddings', true) ? 'wte' : 'lm_head';
    config.only('no_bias', true);
    config.only('expansion_ratio', 4);
    const group = config.group('attn_config');
    const scale = group?.optionalNumber('softmax_scale');
    const clip = group?.optionalNumber('clip_qkv');
    group?.only('attn_type', 'multihead_attention');
    group?.only('prefix_lm', false);
    group?.ignore('alibi', 'alibi_bias_max', 'qk_ln', 'attn_impl', 'attn_uses_sequence_id'); // always 8, never a norm
    config.ignore(
      'learned_pos_emb',
      'init_device',
      'embedding_fraction',
      'norm_type',
      'verbose',
      'logit_scale',
    );
    config.ignore('init_config');
    config.finish();
    const size = divideEvenly('d_model', width, heads);
    const names = ['', '', '', 'out_proj'] as const;
    const plain = {
      width,
      heads,
      shared: heads,
      size,
      names,
      fused: 'Wqkv',
      clip,
      scale: scale ?? 1 / Math.sqrt(size),
    };
    const mlp = { width, inner: 4 * width, activation: exactGelu, names: ['up_proj', 'down_proj'] as const };
    const residual = preNorm(['norm_1', 'norm_2']);

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const attention = { ...plain, bias: alibiBias(self, mptSlopes(heads)) };
        const stream = self.layers('blocks', embedTokens(self, 'wte', vocabulary, width), (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('attn'), source, attention),
            feedForward: (source) => feedForward(layer.at('ffn'), source, mlp),
          }),
        );
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'norm_f', head });
      },
    };
  },
};
