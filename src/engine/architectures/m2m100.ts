import { rowsAfterPadding, sinusoids, withoutRow } from '../blocks/sinusoids.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { BART_ALIASES, buildBart, readBart } from './bart-layers.ts';

const DEFAULTS = {
  width: 1024,
  vocabulary: 128_112,
  context: 1024,
  layers: [12, 12],
  heads: 16,
  inner: 4096,
  activation: 'relu',
  isScaled: true,
} as const;

/** Fan et al. 2021, also NLLB; transformers/models/m2m_100/modeling_m2m_100.py. */
export const m2m100: Architecture = {
  name: 'M2M-100',
  modelTypes: ['m2m_100'],
  read(raw) {
    const config = readConfig(raw, 'M2M-100', BART_ALIASES);
    const { sizes, description } = readBart(config, DEFAULTS);
    const padding = config.integer('pad_token_id', 1, 0);
    config.finish();
    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildBart(scopes, {
          sizes,
          isPreNorm: true,
          hasEmbeddingNorm: false,
          position(scope, x) {
            const { graph } = scope;
            const rows = rowsAfterPadding(scope, padding);
            return graph.add(x, withoutRow(graph, sinusoids(graph, rows, sizes.width), rows, padding));
          },
          hasLogitsBias: false,
        }),
    };
  },
};
