import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables } from '../blocks/rotary.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';

/** Touvron et al. 2023; transformers/models/llama/modeling_llama.py. */
export const llama: Architecture = {
  name: 'Llama',
  modelTypes: ['llama'],
  read(raw) {
    const config = readConfig(raw, 'Llama');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 32_000, context: 2048 };
    const sizes = readSizes(config, defaults);
    const { width, vocabulary } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const head = config.boolean('tie_word_embeddings', false) ? 'embed_tokens' : 'lm_head';
    const rotary = readRotary(config, sizes);
    config.ignore('pretraining_tp', 'max_sequence_length'); // parts of the same products; an old name of the context
    config.finish();

    return {
      description: describeDecoder({ family: 'Llama', modelType: 'llama', ...sizes }),
      prefixes: ['model.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = rotaryTables(self, rotary);
        const attention = {
          ...sizes,
          queryBias: attentionBias,
          outputBias: attentionBias,
          turns,
          scale: sizes.size ** -0.5,
        };
        const stream = self.layers(
          'layers',
          embedTokens(self, 'embed_tokens', vocabulary, width),
          (layer, x) => {
            const source = norm(layer, 'input_layernorm', x);
            const attended = graph.add(x, selfAttention(layer.at('self_attn'), source, attention));
            const normed = norm(layer, 'post_attention_layernorm', attended);
            return graph.add(
              attended,
              gatedFeedForward(layer.at('mlp'), normed, { ...sizes, activation, bias }),
            );
          },
        );
        return () => linear(self, head, norm(self, 'norm', stream), { inputs: width, outputs: vocabulary });
      },
    };
  },
};
