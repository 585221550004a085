import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { buildT5, readT5, readT5FeedForward, T5_ALIASES } from './t5-layers.ts';

/** Raffel et al. 2020; transformers/models/t5/modeling_t5.py. */
export const t5: Architecture = {
  name: 'T5',
  modelTypes: ['t5'],
  read(raw) {
    const config = readConfig(raw, 'T5', T5_ALIASES);
    const parts = readT5(config, { width: 512, inner: 2048, layers: 6, heads: 8, vocabulary: 32_128 });
    const feedForward = readT5FeedForward(config, 'relu');
    // T5 1.1 says so by untying its head, which transformers takes as the sign not to scale.
    const isScaled = config.boolean('tie_word_embeddings', true);
    config.finish();
    const { sizes, description } = parts;
    return {
      description,
      prefixes: [''],
      build: (scopes) =>
        buildT5(scopes, {
          ...parts,
          feedForward: (scope, x) => feedForward(scope, x, sizes),
          logitScale: isScaled ? sizes.width ** -0.5 : 1,
        }),
    };
  },
};
