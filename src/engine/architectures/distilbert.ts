import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { postNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeEncoder } from './encoder.ts';

const ALIASES = { hidden_size: 'dim', num_attention_heads: 'n_heads', num_hidden_layers: 'n_layers' };

/** Sanh et al. 2019; transformers/models/distilbert/modeling_distilbert.py. */
export const distilBert: Architecture = {
  name: 'DistilBERT',
  modelTypes: ['distilbert'],
  read(raw) {
    const config = readConfig(raw, 'DistilBERT', ALIASES);
    const width = config.integer('dim', 768);
    const heads = config.integer('n_heads', 12);
    const layers = config.integer('n_layers', 6);
    const inner = config.integer('hidden_dim', 3072);
    const context = config.integer('max_position_embeddings', 512);
    const vocabulary = config.integer('vocab_size', 30_522);
    const activation = readActivation(config, 'activation', 'gelu');
    config.only('tie_word_embeddings', true);
    config.ignore('sinusoidal_pos_embds', 'tie_weights_'); // the table is stored, however it began
    config.finish();
    const size = divideEvenly('dim', width, heads);
    const norm = layerNorm({ size: width, epsilon: 1e-12 });
    const names = ['q_lin', 'k_lin', 'v_lin', 'out_lin'] as const;
    const attention = {
      width,
      heads,
      shared: heads,
      size,
      names,
      queryBias: true,
      outputBias: true,
      scale: size ** -0.5,
    };
    const mlp = { width, inner, activation, bias: true, names: ['lin1', 'lin2'] as const };
    const residual = postNorm(['sa_layer_norm', 'output_layer_norm']);

    return {
      description: describeEncoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['distilbert.', ''],
      build({ self }) {
        const { graph, sequence } = self;
        const part = self.at('embeddings');
        const positions = selectRows(part, 'position_embeddings', sequence.positions, [context, width]);
        const words = embedTokens(part, 'word_embeddings', vocabulary, width);
        const start = norm(part, 'LayerNorm', addPositions(self, words, positions, width));
        const stream = self.layers('transformer.layer', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('attention'), source, attention),
            feedForward: (source) => feedForward(layer.at('ffn'), source, mlp),
          }),
        );
        if (!self.has('vocab_transform.weight')) return undefined; // saved without a head
        return () => {
          const hidden = linear(self, 'vocab_transform', stream, {
            inputs: width,
            outputs: width,
            bias: true,
          });
          const normed = norm(self, 'vocab_layer_norm', activation(graph, hidden));
          const logits = linear(part, 'word_embeddings', normed, { inputs: width, outputs: vocabulary });
          return graph.add(logits, self.weight('vocab_projector.bias', [vocabulary]));
        };
      },
    };
  },
};
