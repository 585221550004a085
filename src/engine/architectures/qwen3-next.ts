import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readQwenHybrid } from './qwen-hybrid.ts';
import { withSharedExpert } from './shared-expert.ts';
import { readSparseLayers } from './sparse-layers.ts';

/** Qwen 2025; transformers/models/qwen3_next/modeling_qwen3_next.py. */
export const qwen3Next: Architecture = {
  name: 'Qwen3-Next',
  modelTypes: ['qwen3_next'],
  read(raw) {
    const config = readConfig(raw, 'Qwen3-Next');
    const defaults = { width: 2048, heads: 16, shared: 2, size: 256, layers: 48, inner: 5632 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 151_936, context: 32_768 });
    const sparse = readSparseLayers(config, { experts: 512, k: 10, inner: 512, normalized: true, least: 0 });
    const sharedInner = config.integer('shared_expert_intermediate_size', 512);
    const { activation, description, plan } = readQwenHybrid(config, sizes);
    config.finish();

    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          feedForward(layer, x) {
            const block = layer.at('mlp');
            if (!sparse.has(layer.layer.index)) return gatedFeedForward(block, x, { ...sizes, activation });
            return withSharedExpert(block, x, { ...sparse, width: sizes.width, sharedInner, activation });
          },
        }),
    };
  },
};
