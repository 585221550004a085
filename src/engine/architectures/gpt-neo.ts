import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { addPositions, embedTokens, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig, type RawConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { seenBy } from './layer-types.ts';

/** Black et al. 2021; transformers/models/gpt_neo/modeling_gpt_neo.py. */
export const gptNeo: Architecture = {
  name: 'GPT-Neo',
  modelTypes: ['gpt_neo'],
  read(raw) {
    const config = readConfig(raw, 'GPT-Neo', {
      num_attention_heads: 'num_heads',
      num_hidden_layers: 'num_layers',
    });
    const width = config.integer('hidden_size', 2048);
    const heads = config.integer('num_heads', 16);
    const layers = config.integer('num_layers', 24);
    const context = config.integer('max_position_embeddings', 2048);
    const vocabulary = config.integer('vocab_size', 50_257);
    const inner = config.integer('intermediate_size', 4 * width);
    const window = config.integer('window_size', 256);
    const activation = readActivation(config, 'activation_function', 'gelu_new');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const head = config.boolean('tie_word_embeddings', true) ? 'wte' : 'lm_head';
    const types = attentionTypes(raw, layers);
    config.ignore(
      'attention_types',
      'attention_layers',
      'summary_type',
      'summary_use_proj',
      'summary_activation',
    );
    config.ignore('summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('hidden_size', width, heads);
    const names = ['q_proj', 'k_proj', 'v_proj', 'out_proj'] as const;
    const attention = { width, heads, shared: heads, size, names, outputBias: true, scale: 1 };
    const mlp = { width, inner, activation, bias: true, names: ['c_fc', 'c_proj'] as const };
    const residual = preNorm(['ln_1', 'ln_2']);

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers: seenBy(types, { window }) }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const positions = selectRows(self, 'wpe', self.sequence.positions, [context, width]);
        const start = addPositions(self, embedTokens(self, 'wte', vocabulary, width), positions, width);
        const stream = self.layers('h', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => selfAttention(layer.at('attn.attention'), source, attention),
            feedForward: (source) => feedForward(layer.at('mlp'), source, mlp),
          }),
        );
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'ln_f', head });
      },
    };
  },
};

/** `[[["global", "local"], 12]]`: kinds in turn, so many times. */
function attentionTypes(raw: RawConfig, layers: number) {
  const given = (raw.attention_types ?? [[['global', 'local'], 12]]) as unknown;
  const isPart = (part: unknown): part is [string[], number] =>
    Array.isArray(part) && Array.isArray(part[0]) && Number.isSafeInteger(part[1]) && part[1] <= layers;
  const parts = Array.isArray(given) && given.every(isPart) ? given : [];
  const kinds = parts.flatMap(([names, times]) => Array.from({ length: times }, () => names).flat());
  if (kinds.length !== layers || !kinds.every((kind) => kind === 'global' || kind === 'local')) {
    const expected = `global and local, ${layers} in all, as [[["global", "local"], 12]]`;
    throw atlasError('config-value-invalid', { key: 'attention_types', value: given, expected });
  }
  return kinds.map((kind) => (kind === 'local' ? 'sliding_attention' : 'full_attention'));
}
