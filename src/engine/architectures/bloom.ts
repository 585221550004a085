import { alibiBias, alibiSlopes } from '../blocks/alibi.ts';
import { tanhGelu } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { fusedByHead } from '../blocks/heads.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

const ALIASES = { n_embed: 'hidden_size', num_hidden_layers: 'n_layer', num_attention_heads: 'n_head' };

/** Le Scao et al. 2022; transformers/models/bloom/modeling_bloom.py. */
export const bloom: Architecture = {
  name: 'BLOOM',
  modelTypes: ['bloom'],
  read(raw) {
    const config = readConfig(raw, 'BLOOM', ALIASES);
    const width = config.integer('hidden_size', 64);
    const heads = config.integer('n_head', 8);
    const layers = config.integer('n_layer', 2);
    const vocabulary = config.integer('vocab_size', 250_880);
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const addsNormed = config.boolean('apply_residual_connection_post_layernorm', false);
    const head = config.boolean('tie_word_embeddings', true) ? 'word_embeddings' : 'lm_head';
    config.ignore(
      'pretraining_tp',
      'slow_but_exact',
      'offset_alibi',
      'seq_length',
      'n_inner',
      'skip_bias_add',
    );
    config.ignore(
      'skip_bias_add_qkv',
      'masked_softmax_fusion',
      'bias_dropout_fusion',
      'max_position_embeddings',
    );
    config.finish();
    const size = divideEvenly('hidden_size', width, heads);

    return {
      description: describeDecoder({ width, vocabulary, context: null, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const { graph } = self;
        const bias = alibiBias(self, alibiSlopes(heads));
        const embedded = embedTokens(self, 'word_embeddings', vocabulary, width);
        const stream = self.layers('h', norm(self, 'word_embeddings_layernorm', embedded), (layer, x) => {
          if (addsNormed) layer.beforeStream(undefined);
          const attention = layer.at('self_attention');
          const normed = norm(layer, 'input_layernorm', x);
          const fused = { width, heads, size, bias: true };
          const [query, key, value] = fusedByHead(attention, 'query_key_value', normed, fused);
          const scale = 1 / Math.sqrt(size);
          const output = outputMatrix(attention, 'dense', { heads, size, width });
          const inputs = { query, key, value, heads, valueSize: size, scale, bias, output };
          const read = attend(attention, inputs);
          const written = linear(attention, 'dense', read, { inputs: width, outputs: width, bias: true });
          const attended = graph.add(addsNormed ? normed : x, written);
          const source = norm(layer, 'post_attention_layernorm', attended);
          const names = ['dense_h_to_4h', 'dense_4h_to_h'] as const;
          const mlp = { width, inner: 4 * width, activation: tanhGelu, bias: true, names };
          return graph.add(addsNormed ? source : attended, feedForward(layer.at('mlp'), source, mlp));
        });
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'ln_f', head });
      },
    };
  },
};
