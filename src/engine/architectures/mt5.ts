import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { buildT5, readT5, readT5FeedForward, T5_ALIASES } from './t5-layers.ts';

/** Xue et al. 2021; transformers/models/mt5/modeling_mt5.py. */
export const mt5: Architecture = {
  name: 'mT5',
  modelTypes: ['mt5'],
  read(raw) {
    const config = readConfig(raw, 'mT5', T5_ALIASES);
    const parts = readT5(config, { width: 512, inner: 1024, layers: 8, heads: 6, vocabulary: 250_112 });
    const feedForward = readT5FeedForward(config, 'gated-gelu');
    config.ignore('tie_word_embeddings');
    config.finish();
    const { sizes, description } = parts;
    return {
      description,
      prefixes: [''],
      build: (scopes) =>
        buildT5(scopes, { ...parts, feedForward: (scope, x) => feedForward(scope, x, sizes), logitScale: 1 }),
    };
  },
};
