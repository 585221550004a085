import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { embedTokens } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { parallel } from '../blocks/residual.ts';
import { plainRotary, rotaryTables } from '../blocks/rotary.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { GPT2_ALIASES } from './gpt2.ts';

/** Wang and Komatsuzaki 2021; transformers/models/gptj/modeling_gptj.py. */
export const gptj: Architecture = {
  name: 'GPT-J',
  modelTypes: ['gptj'],
  read(raw) {
    const config = readConfig(raw, 'GPT-J', GPT2_ALIASES);
    const width = config.integer('n_embd', 4096);
    const heads = config.integer('n_head', 16);
    const layers = config.integer('n_layer', 28);
    const context = config.integer('n_positions', 2048);
    const vocabulary = config.integer('vocab_size', 50_400);
    const inner = config.integer('n_inner', 4 * width);
    const activation = readActivation(config, 'activation_function', 'gelu_new');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const rotary = plainRotary(10_000, config.integer('rotary_dim', 64), true);
    const embedding = config.boolean('tie_word_embeddings', false) ? 'wte' : 'lm_head';
    config.ignore('rotary', 'scale_attn_weights'); // always rotary, always scaled
    config.ignore(
      'summary_type',
      'summary_use_proj',
      'summary_activation',
      'summary_proj_to_labels',
      'n_ctx',
    );
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
    const mlp = { width, inner, activation, bias: true, names: ['fc_in', 'fc_out'] as const };
    const residual = parallel('ln_1');

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const turns = rotaryTables(self, rotary);
        const attention = { width, heads, shared: heads, size, names, turns, scale: 1 / Math.sqrt(size) };
        const stream = self.layers('h', embedTokens(self, 'wte', vocabulary, width), (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('attn'), source, attention),
            feedForward: (source) => feedForward(layer.at('mlp'), source, mlp),
          }),
        );
        const head = { norm, normName: 'ln_f', head: embedding, bias: 'lm_head.bias' };
        return unembedding(self, stream, { width, vocabulary, ...head });
      },
    };
  },
};
