import { readActivation } from '../blocks/activation.ts';
import { mixture, type Choice } from '../blocks/experts.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { buildT5, readT5, T5_ALIASES } from './t5-layers.ts';

/** Fedus et al. 2022; transformers/models/switch_transformers/modeling_switch_transformers.py. */
export const switchTransformers: Architecture = {
  name: 'Switch Transformers',
  modelTypes: ['switch_transformers'],
  read(raw) {
    const config = readConfig(raw, 'Switch Transformers', T5_ALIASES);
    const parts = readT5(config, { width: 768, inner: 2048, layers: 12, heads: 12, vocabulary: 32_128 });
    const { width, inner, layers, decoderLayers } = parts.sizes;
    const activation = readActivation(config, 'dense_act_fn', 'relu');
    const experts = config.integer('num_experts', 8);
    const capacity = config.integer('expert_capacity', 64);
    const bias = config.boolean('router_bias', false);
    // A step that stands in the config wins over the number of sparse layers.
    const readStep = (half: string, count: number) => {
      const computed = sparseStep(count, config.integer(`num_sparse_${half}_layers`, 3, 0));
      return config.integer(`${half}_sparse_step`, computed, 0);
    };
    const step = {
      encoder: readStep('encoder', layers),
      decoder: readStep('decoder', decoderLayers),
    };
    const isTied = config.boolean('tie_word_embeddings', true);
    config.only('add_router_probs', false);
    config.ignore('feed_forward_proj', 'router_type', 'is_gated_act');
    config.ignore('router_dtype', 'router_ignore_padding_tokens');
    config.finish();

    const names = ['wi', 'wo'] as const;
    const dense = { width, inner, activation, names };

    function experted(scope: Scope, x: Value): Value {
      const expert = (index: number, rows: Value) =>
        feedForward(scope.at(`experts.expert_${index}`), rows, dense);
      const scores = linear(scope, 'router.classifier', x, { inputs: width, outputs: experts, bias });
      return mixture(scope, x, bestWithinCapacity(scope, scores, experts, capacity), {
        experts,
        k: 1,
        width,
        expert,
      });
    }

    function added(scope: LayerScope, x: Value, isDecoder: boolean): Value {
      const every = isDecoder ? step.decoder : step.encoder;
      const isSparse = every === 1 || (every > 0 && scope.layer.index % every === 1);
      return isSparse ? experted(scope.at('mlp'), x) : feedForward(scope.at('mlp'), x, dense);
    }

    return {
      description: parts.description,
      prefixes: [''],
      build: (scopes) =>
        buildT5(scopes, { ...parts, feedForward: added, logitScale: isTied ? width ** -0.5 : 1 }),
    };
  },
};

/** Every how many layers one has experts; as many as there are layers where none has. */
function sparseStep(layers: number, sparse: number): number {
  return sparse === 0 ? layers : Math.floor(layers / sparse);
}

/** The best expert of each token; those of a text that come after an expert is full count nothing. */
function bestWithinCapacity(
  { graph, sequence }: Scope,
  scores: Value,
  experts: number,
  capacity: number,
): Choice {
  const [gates, best] = graph.ops('TopK', [graph.softmax(scores), graph.integers([1])], 2) as [Value, Value];
  const each = graph.integers(Array.from({ length: experts }, (_, index) => index));
  const isBest = graph.toFloat(graph.op('Equal', [best, each])); // [tokens, experts]
  const counts = graph.op('CumSum', [
    graph.reshape(isBest, sequence.shape(experts)),
    graph.integers([1], []),
  ]);
  const place = graph.sum(graph.multiply(graph.reshape(counts, [-1, experts]), isBest)); // [tokens, 1]
  const isServed = graph.op('LessOrEqual', [place, graph.floats([capacity])]);
  return { experts: best, gates: graph.multiply(gates, graph.toFloat(isServed)) };
}
