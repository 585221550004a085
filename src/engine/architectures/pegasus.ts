import { sinusoidalPositions } from '../blocks/sinusoids.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { BART_ALIASES, buildBart, readBart } from './bart-layers.ts';

const DEFAULTS = {
  width: 1024,
  vocabulary: 50_265,
  context: 1024,
  layers: [12, 12],
  heads: 16,
  inner: 4096,
  activation: 'gelu',
  isScaled: false,
} as const;

/** Zhang et al. 2020; transformers/models/pegasus/modeling_pegasus.py. */
export const pegasus: Architecture = {
  name: 'Pegasus',
  modelTypes: ['pegasus'],
  read(raw) {
    const config = readConfig(raw, 'Pegasus', BART_ALIASES);
    const { sizes, description } = readBart(config, DEFAULTS);
    config.finish();
    const { width, context } = sizes;
    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildBart(scopes, {
          sizes,
          isPreNorm: true,
          hasEmbeddingNorm: false,
          position: (scope, x) => sinusoidalPositions(scope, x, { width, context }),
          hasLogitsBias: true,
        }),
    };
  },
};
