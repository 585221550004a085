import { offsetPositions } from '../blocks/linear.ts';
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

/** Lewis et al. 2020, and Liu et al. 2020 (mBART); transformers/models/bart, transformers/models/mbart. */
export const bart: Architecture = {
  name: 'BART',
  modelTypes: ['bart', 'mbart'],
  read(raw) {
    const config = readConfig(raw, 'BART', BART_ALIASES);
    const { sizes, description } = readBart(config, DEFAULTS);
    config.finish();
    const { width, context } = sizes;
    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildBart(scopes, {
          sizes,
          isPreNorm: raw.model_type === 'mbart',
          hasEmbeddingNorm: true,
          position: (scope, x) => offsetPositions(scope, x, { width, context, offset: 2 }),
          hasLogitsBias: true,
        }),
    };
  },
};
