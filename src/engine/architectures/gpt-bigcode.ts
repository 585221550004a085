import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { fusedByHead } from '../blocks/heads.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { GPT2_ALIASES } from './gpt2.ts';

/** Ben Allal et al. 2023 (SantaCoder), Li et al. 2023 (StarCoder); transformers/models/gpt_bigcode. */
export const gptBigCode: Architecture = {
  name: 'GPT-BigCode',
  modelTypes: ['gpt_bigcode'],
  read(raw) {
    const config = readConfig(raw, 'GPT-BigCode', GPT2_ALIASES);
    const width = config.integer('n_embd', 768);
    const heads = config.integer('n_head', 12);
    const layers = config.integer('n_layer', 12);
    const context = config.integer('n_positions', 1024);
    const vocabulary = config.integer('vocab_size', 50_257);
    const inner = config.integer('n_inner', 4 * width);
    const activation = readActivation(config, 'activation_function', 'gelu_pytorch_tanh');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const isScaled = config.boolean('scale_attn_weights', true);
    const isMultiQuery = config.boolean('multi_query', true);
    const head = config.boolean('tie_word_embeddings', true) ? 'wte' : 'lm_head';
    config.ignore(
      'scale_attention_softmax_in_fp32',
      'inference_runner',
      'max_batch_size',
      'max_sequence_length',
    );
    config.ignore(
      'pad_key_length',
      'pre_allocate_kv_cache',
      'validate_runner_input',
      'n_ctx',
      'summary_type',
    );
    config.ignore('summary_use_proj', 'summary_activation', 'summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    const scale = isScaled ? 1 / Math.sqrt(size) : 1;
    const names = ['', '', '', 'c_proj'] as const;
    const oneKey = {
      width,
      heads,
      shared: 1,
      size,
      scale,
      names,
      fused: 'c_attn',
      queryBias: true,
      outputBias: true,
    };
    const mlp = { width, inner, activation, bias: true, names: ['c_fc', 'c_proj'] as const };
    const residual = preNorm(['ln_1', 'ln_2']);

    function attention(scope: LayerScope, x: Value): Value {
      if (isMultiQuery) return selfAttention(scope, x, oneKey);
      const [query, key, value] = fusedByHead(scope, 'c_attn', x, { width, heads, size, bias: true });
      const output = outputMatrix(scope, 'c_proj', { heads, size, width });
      const read = attend(scope, { query, key, value, heads, valueSize: size, scale, output });
      return linear(scope, 'c_proj', read, { inputs: width, outputs: width, bias: true });
    }

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const positions = selectRows(self, 'wpe', self.sequence.positions, [context, width]);
        const start = addPositions(self, embedTokens(self, 'wte', vocabulary, width), positions, width);
        const stream = self.layers('h', start, (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (source) => attention(layer.at('attn'), source),
            feedForward: (source) => feedForward(layer.at('mlp'), source, mlp),
          }),
        );
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'ln_f', head });
      },
    };
  },
};
