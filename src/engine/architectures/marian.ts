import { sinusoidalPositions } from '../blocks/sinusoids.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { BART_ALIASES, buildBart, readBart } from './bart-layers.ts';

const DEFAULTS = {
  width: 1024,
  vocabulary: 58_101,
  context: 1024,
  layers: [12, 12],
  heads: 16,
  inner: 4096,
  activation: 'gelu',
  isScaled: false,
} as const;

/** Junczys-Dowmunt et al. 2018; transformers/models/marian/modeling_marian.py. */
export const marian: Architecture = {
  name: 'Marian',
  modelTypes: ['marian'],
  read(raw) {
    const config = readConfig(raw, 'Marian', BART_ALIASES);
    const { sizes, description } = readBart(config, DEFAULTS);
    const { width, context, vocabulary } = sizes;
    const target = config.integer('decoder_vocab_size', vocabulary);
    const isShared = config.boolean('share_encoder_decoder_embeddings', true);
    config.finish();
    const decoderEmbedding = { name: 'decoder.embed_tokens', vocabulary: target };
    return {
      description: { ...description, vocabularySize: isShared ? vocabulary : Math.max(vocabulary, target) },
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildBart(scopes, {
          sizes,
          isPreNorm: false,
          hasEmbeddingNorm: false,
          position: (scope, x) => sinusoidalPositions(scope, x, { width, context }),
          ...(isShared ? {} : { decoderEmbedding }),
          hasLogitsBias: true,
        }),
    };
  },
};
