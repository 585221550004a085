import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readQwenHybrid } from './qwen-hybrid.ts';

/** Qwen 2026, the text part; transformers/models/qwen3_5/modeling_qwen3_5.py. */
export const qwen35: Architecture = {
  name: 'Qwen 3.5',
  modelTypes: ['qwen3_5_text'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 3.5');
    const defaults = { width: 4096, heads: 16, shared: 4, size: 256, layers: 32, inner: 12_288 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 248_320, context: 32_768 });
    const { activation, description, plan } = readQwenHybrid(config, sizes);
    config.ignore('mlp_only_layers');
    config.finish();

    return {
      description,
      prefixes: ['model.', 'model.language_model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
