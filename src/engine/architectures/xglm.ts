import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { addPositions, embedTokens } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { sinusoids, withoutRow } from '../blocks/sinusoids.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

/** Positions before the one of the first token. */
const OFFSET = 2;
const ALIASES = {
  num_attention_heads: 'attention_heads',
  hidden_size: 'd_model',
  num_hidden_layers: 'num_layers',
};

/** Lin et al. 2022; transformers/models/xglm/modeling_xglm.py. */
export const xglm: Architecture = {
  name: 'XGLM',
  modelTypes: ['xglm'],
  read(raw) {
    const config = readConfig(raw, 'XGLM', ALIASES);
    const width = config.integer('d_model', 1024);
    const heads = config.integer('attention_heads', 16);
    const layers = config.integer('num_layers', 24);
    const inner = config.integer('ffn_dim', 4096);
    const context = config.integer('max_position_embeddings', 2048);
    const vocabulary = config.integer('vocab_size', 256_008);
    const activation = readActivation(config, 'activation_function', 'gelu');
    const isScaled = config.boolean('scale_embedding', true);
    const padding = config.nullableInteger('pad_token_id', 1, 0);
    const head = config.boolean('tie_word_embeddings', true) ? 'embed_tokens' : 'lm_head';
    config.finish();
    const size = divideEvenly('d_model', width, heads);
    const norm = layerNorm({ size: width, epsilon: 1e-5 });
    const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
    const scale = 1 / Math.sqrt(size);
    const attention = { width, heads, shared: heads, size, scale, names, queryBias: true, outputBias: true };
    const mlp = { width, inner, activation, bias: true, names: ['fc1', 'fc2'] as const };
    const residual = preNorm(['self_attn_layer_norm', 'final_layer_norm']);

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['model.', ''],
      build({ self }) {
        const { graph, sequence } = self;
        const rows = graph.op('Add', [sequence.positions, graph.integers([OFFSET])]);
        const positions = withoutRow(graph, sinusoids(graph, rows, width), rows, padding);
        const embedded = embedTokens(self, 'embed_tokens', vocabulary, width);
        const start = addPositions(
          self,
          graph.scale(embedded, isScaled ? Math.sqrt(width) : 1),
          positions,
          width,
        );
        const stream = self.layers('layers', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('self_attn'), source, attention),
            feedForward: (source) => feedForward(layer, source, mlp),
          }),
        );
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'layer_norm', head });
      },
    };
  },
};
