import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { outputNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** LG AI Research 2025; transformers/models/exaone4/modeling_exaone4.py. */
export const exaone4: Architecture = {
  name: 'EXAONE 4',
  modelTypes: ['exaone4'],
  read(raw) {
    const config = readConfig(raw, 'EXAONE 4');
    const width = { width: 4096, heads: 32, shared: 32, layers: 32, inner: 16_384 };
    const sizes = readSizes(config, { ...width, vocabulary: 102_400, context: 2048 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const window = config.nullableInteger('sliding_window', 4096);
    if (config.strings('layer_types') !== undefined) config.ignore('sliding_window_pattern');
    const every =
      config.strings('layer_types') === undefined ? config.integer('sliding_window_pattern', 4) : 1;
    const types = readLayerTypes(config, sizes.layers, (index) =>
      (index + 1) % every === 0 ? 'full_attention' : 'sliding_attention',
    );
    const rotary = readRotary(config, sizes);
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          residual: outputNorm(),
          rotary: ({ index }) =>
            window === null || types[index] === 'sliding_attention' ? rotary : undefined,
          attention: () => ({ headNorm }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
