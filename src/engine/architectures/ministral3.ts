import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

const SCALING = {
  type: 'yarn',
  rope_theta: 1_000_000,
  factor: 16,
  original_max_position_embeddings: 16_384,
  mscale_all_dim: 1,
  mscale: 1,
  llama_4_scaling_beta: 0.1,
};

/** Mistral AI 2025; transformers/models/ministral3/modeling_ministral3.py. */
export const ministral3: Architecture = {
  name: 'Ministral 3',
  modelTypes: ['ministral3'],
  read(raw) {
    const hasScaling = (raw.rope_scaling ?? raw.rope_parameters ?? null) !== null;
    const config = readConfig(hasScaling ? raw : { ...raw, rope_parameters: SCALING }, 'Ministral 3');
    const width = { width: 4096, heads: 32, shared: 8, size: 128, layers: 34, inner: 14_336 };
    const sizes = readSizes(config, { ...width, vocabulary: 131_072, context: 262_144 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const window = config.nullableInteger('sliding_window', null);
    const group = config.group('rope_scaling') ?? config.group('rope_parameters');
    const growth = group?.optionalNumber('llama_4_scaling_beta') ?? 0;
    const step = group?.optionalNumber('original_max_position_embeddings') ?? sizes.context;
    group?.ignore('max_position_embeddings');
    const rotary = readRotary(config, sizes);
    config.ignore('layer_types'); // one mask for all layers
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: everyLayer(sizes.layers, window), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: (_, root) => (growth === 0 ? {} : { queryScales: temperature(root, growth, step) }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};

/** 1 + growth ln(1 + floor(position / step)), `[n, 1]`. */
function temperature({ graph, sequence }: Scope, growth: number, step: number): Value {
  const column = graph.reshape(graph.toFloat(sequence.positions), [-1, 1]);
  const steps = graph.op('Floor', [graph.divide(column, graph.floats([step]))]);
  return graph.shift(graph.scale(graph.op('Log', [graph.shift(steps, 1)]), growth), 1);
}
