import { readActivation, tanhGelu } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { postNorm } from '../blocks/residual.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { GPT2_ALIASES } from './gpt2.ts';

/** Radford et al. 2018 (GPT-1); transformers/models/openai/modeling_openai.py. */
export const openaiGpt: Architecture = {
  name: 'GPT-1',
  modelTypes: ['openai-gpt'],
  read(raw) {
    const config = readConfig(raw, 'GPT-1', GPT2_ALIASES);
    const width = config.integer('n_embd', 768);
    const heads = config.integer('n_head', 12);
    const layers = config.integer('n_layer', 12);
    const context = config.integer('n_positions', 512);
    const vocabulary = config.integer('vocab_size', 40_478);
    const named = readActivation(config, 'afn', 'gelu');
    const activation = (raw.afn ?? 'gelu') === 'gelu' ? tanhGelu : named; // this family's own meaning of the name
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const head = config.boolean('tie_word_embeddings', true) ? 'tokens_embed' : 'lm_head';
    config.ignore('n_ctx', 'n_special', 'predict_special_tokens', 'summary_type', 'summary_use_proj');
    config.ignore('summary_activation', 'summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    const names = ['c_fc', 'c_proj'] as const;
    const mlp = { width, inner: 4 * width, activation, bias: true, transposed: true, names };
    const residual = postNorm(['ln_1', 'ln_2']);

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const { graph, sequence } = self;
        const positions = selectRows(self, 'positions_embed', sequence.positions, [context, width]);
        const start = addPositions(
          self,
          embedTokens(self, 'tokens_embed', vocabulary, width),
          positions,
          width,
        );
        const stream = self.layers('h', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention(source) {
              const scope = layer.at('attn');
              const sizes = { inputs: width, outputs: 3 * width, bias: true, transposed: true };
              const [query, key, value] = graph.split(linear(scope, 'c_attn', source, sizes), [
                width,
                width,
                width,
              ]);
              const read = attend(scope, {
                query: splitHeads(scope, query, heads, size),
                key: splitHeads(scope, key, heads, size),
                value: splitHeads(scope, value, heads, size),
                heads,
                valueSize: size,
                scale: 1 / Math.sqrt(size),
                output: outputMatrix(scope, 'c_proj', { heads, size, width, transposed: true }),
              });
              return linear(scope, 'c_proj', read, { ...sizes, outputs: width });
            },
            feedForward: (source) => feedForward(layer.at('mlp'), source, mlp),
          }),
        );
        return () => linear(self, head, stream, { inputs: width, outputs: vocabulary });
      },
    };
  },
};
