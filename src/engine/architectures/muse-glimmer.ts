import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { softCap } from '../blocks/attention.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { linearPart, type Residual } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { sigmoidGate } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Meta 2026, the text part; transformers/models/muse_glimmer/modeling_muse_glimmer.py. */
export const museGlimmer: Architecture = {
  name: 'Muse Glimmer',
  modelTypes: ['muse_glimmer_text'],
  read(raw) {
    const config = readConfig(raw, 'Muse Glimmer');
    const defaults = { width: 6656, heads: 32, shared: 2, size: 128, layers: 52, inner: 19_968 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 202_048, context: 131_072 });
    const { width, size, layers } = sizes;
    const activation = readActivation(config, 'hidden_activation', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const outputEpsilon = config.number('post_norm_eps', 1e-8);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const scale = config.number('qk_scale_factor', 3.87) / Math.sqrt(size);
    const logitScale = config.number('output_multiplier', 0.19611613513818404);
    const cap = config.number('final_logit_softcapping', 20);
    const window = config.nullableInteger('sliding_window', 2048);
    const isFourthFromLast = (index: number) => (layers - 1 - index) % 4 === 0;
    const types = readLayerTypes(config, layers, (index) =>
      isFourthFromLast(index) ? 'full_attention' : 'sliding_attention',
    );
    // A base of 0 is a layer without positions; the others turn by the one base of the model, whatever theirs is.
    const bases = config.numbers('layer_rope_theta');
    if (bases !== undefined && bases.length !== layers) {
      throw atlasError('config-value-invalid', {
        key: 'layer_rope_theta',
        value: bases,
        expected: `${layers} numbers`,
      });
    }
    const isTurned = (index: number) => (bases === undefined ? !isFourthFromLast(index) : bases[index] !== 0);
    const rotary = readRotary(config, sizes);
    config.finish();
    const before = rmsNorm({ size: width, epsilon, offset: 1 });
    const after = rmsNorm({ size: width, epsilon: outputEpsilon, offset: 1 });
    const headNorm = { norm: rmsNorm({ size, epsilon, weight: false }), names: ['', ''] as const };
    const residual: Residual = (layer, x, { attention, feedForward }) => {
      const { graph } = layer;
      layer.beforeStream(linearPart(layer, after, 'post_attention_layernorm'));
      const read = attention(before(layer, 'input_layernorm', x));
      const attended = graph.add(x, after(layer, 'post_attention_layernorm', read));
      const hidden = feedForward(before(layer, 'pre_feedforward_layernorm', attended));
      return graph.add(attended, after(layer, 'post_feedforward_layernorm', hidden));
    };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', 'model.language_model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: width, epsilon }),
          isTied,
          logitScale,
          adjustEmbedding: (x) => rmsNorm({ size: width, epsilon, weight: false })(scopes.self, '', x),
          rotary: ({ index }) => (isTurned(index) ? rotary : undefined),
          attention: () => ({
            queryBias: bias,
            outputBias: bias,
            scale,
            headNorm,
            beforeOutput: sigmoidGate('gate_proj', sizes),
          }),
          residual,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
          adjustLogits: (graph, logits) => softCap(graph, logits, cap),
        }),
    };
  },
};
