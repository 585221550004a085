import { offsetPositions } from '../blocks/linear.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { BART_ALIASES, buildBart, readBart } from './bart-layers.ts';

const DEFAULTS = {
  width: 2560,
  vocabulary: 8008,
  context: 128,
  layers: [2, 24],
  heads: 32,
  inner: 10_240,
  activation: 'gelu',
  isScaled: false,
} as const;

/** Roller et al. 2021; transformers/models/blenderbot/modeling_blenderbot.py. */
export const blenderbot: Architecture = {
  name: 'Blenderbot',
  modelTypes: ['blenderbot'],
  read(raw) {
    const config = readConfig(raw, 'Blenderbot', BART_ALIASES);
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
          position: (scope, x) => offsetPositions(scope, x, { width, context, offset: 0 }),
          hasLogitsBias: true,
        }),
    };
  },
};
