import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { fusedByHead } from '../blocks/heads.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';

/** Black et al. 2022 (GPT-NeoX-20B), Biderman et al. 2023 (Pythia); transformers/models/gpt_neox/modeling_gpt_neox.py. */
export const gptNeox: Architecture = {
  name: 'GPT-NeoX',
  modelTypes: ['gpt_neox'],
  read(raw) {
    const config = readConfig(raw, 'GPT-NeoX');
    const defaults = { width: 6144, heads: 64, layers: 44, inner: 24_576, vocabulary: 50_432, context: 2048 };
    const sizes = readSizes(config, defaults);
    const { width, heads, size, inner, vocabulary, context } = sizes;
    const activation = readActivation(config, 'hidden_act', 'gelu');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_eps', 1e-5) });
    const bias = config.boolean('attention_bias', true);
    const isParallel = config.boolean('use_parallel_residual', true);
    const head = config.boolean('tie_word_embeddings', false) ? 'embed_in' : 'embed_out';
    const keys = { thetaKey: 'rotary_emb_base', shareKey: 'rotary_pct', share: 0.25 };
    const rotary = readRotary(config, { size, context, ...keys });
    config.only('is_decoder', false, true);
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['gpt_neox.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = rotaryTables(self, rotary);
        const stream = self.layers('layers', embedTokens(self, 'embed_in', vocabulary, width), (layer, x) => {
          const attention = layer.at('attention');
          const normed = norm(layer, 'input_layernorm', x);
          const fused = { width, heads, size, bias };
          const [query, key, value] = fusedByHead(attention, 'query_key_value', normed, fused);
          const read = attend(attention, {
            query: rotate(graph, query, size, turns),
            key: rotate(graph, key, size, turns),
            value,
            heads,
            valueSize: size,
            scale: 1 / Math.sqrt(size),
            output: outputMatrix(attention, 'dense', { heads, size, width }),
          });
          const attended = graph.add(
            x,
            linear(attention, 'dense', read, { inputs: width, outputs: width, bias }),
          );
          const source = norm(layer, 'post_attention_layernorm', isParallel ? x : attended);
          const mlp = {
            width,
            inner,
            activation,
            bias: true,
            names: ['dense_h_to_4h', 'dense_4h_to_h'] as const,
          };
          return graph.add(attended, feedForward(layer.at('mlp'), source, mlp));
        });
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'final_layer_norm', head });
      },
    };
  },
};
