import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { fusedByHead } from '../blocks/heads.ts';
import { linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary, rotate } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Elsen et al. 2023; transformers/models/persimmon/modeling_persimmon.py. */
export const persimmon: Architecture = {
  name: 'Persimmon',
  modelTypes: ['persimmon'],
  read(raw) {
    const config = readConfig(raw, 'Persimmon');
    const defaults = {
      width: 4096,
      heads: 64,
      layers: 36,
      inner: 16_384,
      vocabulary: 262_144,
      context: 16_384,
    };
    const sizes = readSizes(config, defaults);
    const { width, heads, size } = sizes;
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const normalizesHeads = config.boolean('qk_layernorm', true);
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.finish();
    const headNorm = layerNorm({ size, epsilon });
    const mlp = { ...sizes, activation, bias: true, names: ['dense_h_to_4h', 'dense_4h_to_h'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: width, epsilon }),
          isTied,
          finalNorm: 'final_layernorm',
          rotary: () => rotary,
          attend(scope, x, turns) {
            const [query, key, value] = fusedByHead(scope, 'query_key_value', x, {
              width,
              heads,
              size,
              bias: true,
            });
            const place = (part: typeof x, name: string) => {
              const normed = normalizesHeads ? headNorm(scope, name, part) : part;
              return rotate(scope.graph, normed, size, turns);
            };
            const placed = { query: place(query, 'q_layernorm'), key: place(key, 'k_layernorm') };
            const read = attend(scope, {
              ...placed,
              value,
              heads,
              valueSize: size,
              scale: 1 / Math.sqrt(size),
              output: outputMatrix(scope, 'dense', { heads, size, width }),
            });
            return linear(scope, 'dense', read, { inputs: width, outputs: width, bias: true });
          },
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
        }),
    };
  },
};
