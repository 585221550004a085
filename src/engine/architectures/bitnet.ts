import { readActivation } from '../blocks/activation.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Ma et al. 2025, with weights as they are stored; transformers/models/bitnet/modeling_bitnet.py. */
export const bitnet: Architecture = {
  name: 'BitNet',
  modelTypes: ['bitnet'],
  read(raw) {
    const config = readConfig(raw, 'BitNet');
    const defaults = {
      width: 2560,
      heads: 20,
      shared: 5,
      layers: 30,
      inner: 6912,
      vocabulary: 128_256,
      context: 2048,
    };
    const sizes = readSizes(config, defaults);
    const { width, inner } = sizes;
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const rotary = readRotary(config, { ...sizes, theta: 500_000 });
    config.finish();
    const norm = rmsNorm({ size: width, epsilon });
    const innerNorm = rmsNorm({ size: inner, epsilon });

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({
            queryBias: bias,
            outputBias: bias,
            beforeOutput: (scope, read) => norm(scope, 'attn_sub_norm', read),
          }),
          feedForward(layer, x) {
            const { graph } = layer;
            const part = layer.at('mlp');
            const up = { inputs: width, outputs: inner };
            const gate = activation(graph, linear(part, 'gate_proj', x, up));
            const hidden = innerNorm(
              part,
              'ffn_sub_norm',
              graph.multiply(gate, linear(part, 'up_proj', x, up)),
            );
            return linear(part, 'down_proj', hidden, { inputs: inner, outputs: width });
          },
        }),
    };
  },
};
