import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { indexedKeys, readIndexer } from '../blocks/key-indexer.ts';
import { latentAttention, readLatentSizes } from '../blocks/latent-attention.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readRoutedExperts, readSparseTypes, routedExperts } from './routed-experts.ts';

/** GLM team 2026 (GLM-5); transformers/models/glm_moe_dsa/modeling_glm_moe_dsa.py. */
export const glmMoeDsa: Architecture = {
  name: 'GLM MoE DSA',
  modelTypes: ['glm_moe_dsa'],
  read(raw) {
    const config = readConfig(raw, 'GLM MoE DSA', {
      num_local_experts: 'n_routed_experts',
      num_experts: 'n_routed_experts',
    });
    const width = { width: 6144, heads: 64, shared: 64, layers: 78, inner: 12_288 };
    const sizes = readSizes(config, { ...width, vocabulary: 154_880, context: 202_752 });
    const latent = { queryRank: 2048, keyRank: 512, plain: 192, turned: 64, valueSize: 256 };
    const attention = readLatentSizes(config, sizes, latent);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const expert = { dense: 3, experts: 256, k: 8, inner: 2048, common: 1 };
    const routed = readRoutedExperts(config, {
      ...expert,
      groups: 1,
      kept: 1,
      factor: 2.5,
      normalized: true,
    });
    const isSparse = readSparseTypes(config, sizes.layers, (index) => index >= routed.dense);
    const indexer = readIndexer(config, sizes.layers, attention);
    const rotary = readRotary(config, { ...sizes, size: attention.turned, interleaved: true });
    config.only('mlp_bias', false);
    config.only('scoring_func', 'sigmoid');
    config.only('topk_method', 'noaux_tc');
    config.only('rope_interleave', true);
    config.ignore(
      'pretraining_tp',
      'num_nextn_predict_layers',
      'ep_size',
      'moe_layer_freq',
      'indexer_rope_interleave',
    );
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build(scopes) {
        let previous: Value | undefined; // what the last layer with an indexer of its own chose
        return buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attend: (scope, x, turns) =>
            latentAttention(scope, x, attention, turns, (compressed) => {
              const shared = indexer.isShared(scope.layer.index) ? previous : undefined;
              previous = shared ?? indexedKeys(scope.at('indexer'), x, compressed, turns, indexer);
              return previous;
            }),
          feedForward: (layer, x) =>
            isSparse(layer.layer.index)
              ? routedExperts(layer.at('mlp'), x, { ...routed, width: sizes.width, activation })
              : gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        });
      },
    };
  },
};
