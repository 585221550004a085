import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { mamba2 } from '../blocks/mamba2.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { MAMBA2_LAYER, readMamba2 } from './mamba2-keys.ts';

/** IBM, Princeton, CMU and UIUC 2024; transformers/models/bamba/modeling_bamba.py. */
export const bamba: Architecture = {
  name: 'Bamba',
  modelTypes: ['bamba'],
  read(raw) {
    // Half of each head is turned, whatever a config says.
    const config = readConfig({ ...raw, partial_rotary_factor: 0.5 }, 'Bamba');
    const width = { width: 4096, heads: 32, shared: 8, layers: 32, inner: 14_336 };
    const sizes = readSizes(config, { ...width, vocabulary: 128_000, context: 262_144 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const mlpBias = config.boolean('mlp_bias', false);
    const attending = config.numbers('attn_layer_indices') ?? [];
    const mixer = readMamba2(config, sizes.width, epsilon);
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.ignore('attn_rotary_emb', 'z_loss_coefficient', 'layers_block_type', 'layer_types');
    config.finish();

    return {
      description: describeDecoder({
        ...sizes,
        layers: Array.from({ length: sizes.layers }, (_, index) =>
          attending.includes(index) ? { kind: 'full' } : MAMBA2_LAYER,
        ),
        rotary,
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          instead: (layer, x) => mamba2(layer.at('mamba'), x, mixer),
          feedForward: (layer, x) =>
            gatedFeedForward(layer.at('feed_forward'), x, { ...sizes, activation, bias: mlpBias }),
          residual: preNorm(['input_layernorm', 'pre_ff_layernorm']),
          finalNorm: 'final_layernorm',
        }),
    };
  },
};
