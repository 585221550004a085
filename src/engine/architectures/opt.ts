import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { postNorm, preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

/** Rows of the position table before the one of the first token. */
const OFFSET = 2;

/** Zhang et al. 2022; transformers/models/opt/modeling_opt.py. */
export const opt: Architecture = {
  name: 'OPT',
  modelTypes: ['opt'],
  read(raw) {
    const config = readConfig(raw, 'OPT');
    const width = config.integer('hidden_size', 768);
    const outer = config.integer('word_embed_proj_dim', width);
    const heads = config.integer('num_attention_heads', 12);
    const layers = config.integer('num_hidden_layers', 12);
    const inner = config.integer('ffn_dim', 3072);
    const context = config.integer('max_position_embeddings', 2048);
    const vocabulary = config.integer('vocab_size', 50_272);
    const activation = readActivation(config, 'activation_function', 'relu');
    const bias = config.boolean('enable_bias', true);
    const weight = config.boolean('layer_norm_elementwise_affine', true);
    const isBefore = config.boolean('do_layer_norm_before', true);
    const removesFinalNorm = config.boolean('_remove_final_layer_norm', false);
    const head = config.boolean('tie_word_embeddings', true) ? 'embed_tokens' : 'lm_head';
    config.finish();
    const size = divideEvenly('hidden_size', width, heads);
    const norm = layerNorm({ size: width, epsilon: 1e-5, weight });
    const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
    const scale = 1 / Math.sqrt(size);
    const attention = { width, heads, shared: heads, size, names, queryBias: bias, outputBias: bias, scale };
    const mlp = { width, inner, activation, bias, names: ['fc1', 'fc2'] as const };
    const residual = (isBefore ? preNorm : postNorm)(['self_attn_layer_norm', 'final_layer_norm']);

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['model.decoder.', 'decoder.', ''],
      build({ self }) {
        const { graph, sequence } = self;
        const tokens = embedTokens(self, 'embed_tokens', vocabulary, outer);
        const projected =
          outer === width ? tokens : linear(self, 'project_in', tokens, { inputs: outer, outputs: width });
        const rows = graph.op('Add', [sequence.positions, graph.integers([OFFSET])]);
        const positions = selectRows(self, 'embed_positions', rows, [context + OFFSET, width]);
        const start = addPositions(self, projected, positions, width);
        const stream = self.layers('layers', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('self_attn'), source, attention),
            feedForward: (source) => feedForward(layer, source, mlp),
          }),
        );
        if (isBefore && !removesFinalNorm && outer === width) {
          return unembedding(self, stream, { width, vocabulary, norm, normName: 'final_layer_norm', head });
        }
        return () => {
          const final = isBefore && !removesFinalNorm ? norm(self, 'final_layer_norm', stream) : stream;
          const shrunk =
            outer === width ? final : linear(self, 'project_out', final, { inputs: width, outputs: outer });
          return linear(self, head, shrunk, { inputs: outer, outputs: vocabulary });
        };
      },
    };
  },
};
