import { activationNamed, readActivation } from '../blocks/activation.ts';
import { fusedGatedFeedForward } from '../blocks/feed-forward.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readLayeredRotary, rotaryTables } from '../blocks/rotary.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';

/** Weller et al. 2025 (Ettin); transformers/models/modernbert_decoder/modeling_modernbert_decoder.py. */
export const modernBertDecoder: Architecture = {
  name: 'ModernBERT decoder',
  modelTypes: ['modernbert-decoder'],
  read(raw) {
    const config = readConfig(raw, 'ModernBERT decoder');
    const width = config.integer('hidden_size', 768);
    const heads = config.integer('num_attention_heads', 12);
    const layers = config.integer('num_hidden_layers', 22);
    const inner = config.integer('intermediate_size', 1152);
    const vocabulary = config.integer('vocab_size', 50_368);
    const context = config.integer('max_position_embeddings', 8192);
    const activation = readActivation(config, 'hidden_activation', 'gelu');
    const epsilon = config.number('norm_eps', 1e-5);
    const norm = layerNorm({ size: width, epsilon, bias: config.boolean('norm_bias', false) });
    const bias = config.boolean('attention_bias', false);
    const mlpBias = config.boolean('mlp_bias', false);
    const headBias = config.boolean('decoder_bias', true);
    const denseBias = config.boolean('classifier_bias', false);
    const headActivation = activationNamed(
      config.text('classifier_activation', 'gelu'),
      'classifier_activation',
    );
    const window = Math.floor(config.integer('local_attention', 128) / 2);
    const every = config.integer('global_attn_every_n_layers', 3);
    const types = readLayerTypes(config, layers, (index) =>
      index % every === 0 ? 'full_attention' : 'sliding_attention',
    );
    const isTied = config.boolean('tie_word_embeddings', true);
    const size = divideEvenly('hidden_size', width, heads);
    config.only('rope_scaling');
    const rotary = readLayeredRotary(config, {
      size,
      context,
      full: { key: 'global_rope_theta', theta: 160_000 },
      sliding: { key: 'local_rope_theta', theta: 10_000 },
    });
    config.ignore(
      'initializer_cutoff_factor',
      'sliding_window',
      'deterministic_flash_attn',
      'position_embedding_type',
    );
    config.ignore(
      'causal_mask',
      'is_causal',
      'local_rope_theta',
      'embedding_size',
      'sparse_prediction',
      'repad_logits_with_grad',
    );
    config.finish();
    const names = ['q_proj', 'k_proj', 'v_proj', 'Wo'] as const;
    const plain = {
      width,
      heads,
      shared: heads,
      size,
      names,
      queryBias: bias,
      outputBias: bias,
      scale: size ** -0.5,
    };
    const mlp = { width, inner, activation, bias: mlpBias, names: ['Wi', 'Wo'] as const };

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers: seenBy(types, { window }) }),
      prefixes: ['model.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = { full: rotaryTables(self, rotary.full), sliding: rotaryTables(self, rotary.sliding) };
        const start = norm(
          self,
          'embeddings.norm',
          embedTokens(self, 'embeddings.tok_embeddings', vocabulary, width),
        );
        const stream = self.layers('layers', start, (layer, x) => {
          const { index } = layer.layer;
          const source = index === 0 ? x : norm(layer, 'attn_norm', x); // the embeddings are normed already
          const attention = {
            ...plain,
            turns: types[index] === 'full_attention' ? turns.full : turns.sliding,
          };
          const attended = graph.add(x, selfAttention(layer.at('attn'), source, attention));
          return graph.add(
            attended,
            fusedGatedFeedForward(layer.at('mlp'), norm(layer, 'mlp_norm', attended), mlp),
          );
        });
        return () => {
          const final = norm(self, 'final_norm', stream);
          const dense = linear(self, 'lm_head.dense', final, {
            inputs: width,
            outputs: width,
            bias: denseBias,
          });
          const hidden = norm(self, 'lm_head.norm', headActivation(graph, dense));
          const head = isTied ? 'embeddings.tok_embeddings' : 'decoder';
          const logits = linear(self, head, hidden, { inputs: width, outputs: vocabulary });
          return headBias ? graph.add(logits, self.weight('decoder.bias', [vocabulary])) : logits;
        };
      },
    };
  },
};
