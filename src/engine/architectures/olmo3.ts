import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { outputNorm } from '../blocks/residual.ts';
import { readLayeredRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Ettinger et al. 2025; transformers/models/olmo3/modeling_olmo3.py. */
export const olmo3: Architecture = {
  name: 'OLMo 3',
  modelTypes: ['olmo3'],
  read(raw) {
    const config = readConfig(raw, 'OLMo 3');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 50_304, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const window = config.nullableInteger('sliding_window', 4096);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      (index + 1) % 4 === 0 ? 'full_attention' : 'sliding_attention',
    );
    // transformers gives `rope_theta` to the full layers only; sliding ones keep the family's base.
    const full = { key: 'rope_theta', theta: 500_000 };
    const rotary = readLayeredRotary(config, { ...sizes, full, sliding: { theta: 500_000 } });
    config.finish();
    const attention = { queryBias: bias, outputBias: bias, flatNorms: flatNorms(sizes, epsilon) };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary: rotary.full }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          residual: outputNorm(),
          rotary: ({ index }) => (types[index] === 'full_attention' ? rotary.full : rotary.sliding),
          attention: () => attention,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
