import { readActivation } from '../blocks/activation.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

const SCALING = {
  rope_type: 'llama3',
  rope_theta: 12_000_000,
  factor: 8,
  original_max_position_embeddings: 8192,
  low_freq_factor: 1,
  high_freq_factor: 4,
};

/** Swiss AI Initiative 2025; transformers/models/apertus/modeling_apertus.py. */
export const apertus: Architecture = {
  name: 'Apertus',
  modelTypes: ['apertus'],
  read(raw) {
    const hasScaling = (raw.rope_scaling ?? raw.rope_parameters ?? null) !== null;
    const config = readConfig(hasScaling ? raw : { ...raw, rope_parameters: SCALING }, 'Apertus');
    const defaults = {
      width: 4096,
      heads: 32,
      layers: 32,
      inner: 14_336,
      vocabulary: 131_072,
      context: 65_536,
    };
    const sizes = readSizes(config, defaults);
    const { width, inner } = sizes;
    const isLearned = config.text('hidden_act', 'xielu') === 'xielu';
    const activation = isLearned ? undefined : readActivation(config, 'hidden_act', 'xielu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const rotary = readRotary(config, { ...sizes, theta: 12_000_000 });
    config.ignore('qk_norm', 'post_norm', 'mlp_bias'); // always normed, never after, never biased
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: width, epsilon }),
          isTied,
          residual: preNorm(['attention_layernorm', 'feedforward_layernorm']),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm }),
          feedForward(layer, x) {
            const part = layer.at('mlp');
            const up = linear(part, 'up_proj', x, { inputs: width, outputs: inner });
            const hidden =
              activation === undefined ? xielu(part.at('act_fn'), up) : activation(layer.graph, up);
            return linear(part, 'down_proj', hidden, { inputs: inner, outputs: width });
          },
        }),
    };
  },
};

/** Huang and Schlag 2024: a parabola above 0, an exponential below, each with a learned weight. */
function xielu(scope: Scope, x: Value): Value {
  const { graph } = scope;
  const softplus = (name: string) => graph.op('Softplus', [scope.weight(name, [1])]);
  const constant = (name: string, fallback: number) =>
    scope.has(name) ? scope.weight(name, []) : graph.floats([fallback]);
  const beta = constant('beta', 0.5);
  const positive = graph.multiply(softplus('alpha_p'), graph.multiply(x, x));
  const below = graph.op('Min', [x, constant('eps', -1e-6)]);
  const decay = graph.subtract(graph.shift(graph.op('Exp', [below]), -1), x);
  const negative = graph.multiply(decay, graph.add(beta, softplus('alpha_n')));
  const isPositive = graph.op('Greater', [x, graph.floats([0])]);
  return graph.add(graph.op('Where', [isPositive, positive, negative]), graph.multiply(beta, x));
}
