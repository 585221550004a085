import { readActivation } from '../blocks/activation.ts';
import { softCap } from '../blocks/attention.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Sinha et al. 2025: Gemma 2 without the norms behind; transformers/models/vaultgemma/modeling_vaultgemma.py. */
export const vaultGemma: Architecture = {
  name: 'VaultGemma',
  modelTypes: ['vaultgemma'],
  read(raw) {
    const config = readConfig(raw, 'VaultGemma');
    const width = { width: 2304, heads: 8, shared: 4, size: 256, layers: 26, inner: 9216 };
    const sizes = readSizes(config, { ...width, vocabulary: 256_000, context: 8192 });
    const activation = readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6), offset: 1 });
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const scale = config.number('query_pre_attn_scalar', 256) ** -0.5;
    const window = config.nullableInteger('sliding_window', 4096);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      index % 2 === 0 ? 'sliding_attention' : 'full_attention',
    );
    const cap = config.nullableNumber('attn_logit_softcapping', 50) ?? undefined;
    const finalCap = config.nullableNumber('final_logit_softcapping', 30) ?? undefined;
    const rotary = readRotary(config, sizes);
    config.ignore('hidden_act');
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          embeddingScale: Math.sqrt(sizes.width),
          residual: preNorm(['input_layernorm', 'pre_feedforward_layernorm']),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, scale, cap }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
          adjustLogits: (graph, logits) => softCap(graph, logits, finalCap),
        }),
    };
  },
};
