import { readActivation } from '../blocks/activation.ts';
import { attend, softCap } from '../blocks/attention.ts';
import { mixture, softmaxChoice } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { layerInputs } from '../blocks/layer-inputs.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readSectionRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { stackedExperts } from '../blocks/stacked-experts.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';

const SECTIONS = {
  sliding_attention: { rope_type: 'default', rope_theta: 10_000 },
  full_attention: { rope_type: 'proportional', partial_rotary_factor: 0.25, rope_theta: 1_000_000 },
};

/** Google 2026, the text part; transformers/models/gemma4/modeling_gemma4.py. */
export const gemma4: Architecture = {
  name: 'Gemma 4',
  modelTypes: ['gemma4_text'],
  read(raw) {
    const config = readConfig({ ...raw, rope_parameters: raw.rope_parameters ?? SECTIONS }, 'Gemma 4');
    const defaults = { width: 2304, heads: 8, shared: 4, size: 256, layers: 30, inner: 9216 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 262_144, context: 131_072 });
    const { width, heads, vocabulary, layers } = sizes;
    const activation = readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const norm = rmsNorm({ size: width, epsilon });
    const bias = config.boolean('attention_bias', false);
    const window = config.nullableInteger('sliding_window', 512);
    const given = readLayerTypes(config, layers, (index) =>
      (index + 1) % 6 === 0 ? 'full_attention' : 'sliding_attention',
    );
    const types = given.with(-1, 'full_attention'); // the last layer always sees all
    const isFull = (index: number) => types[index] === 'full_attention';
    const fullSize = config.integer('global_head_dim', 512);
    const keyIsValue = config.boolean('attention_k_eq_v', false);
    const fullShared = config.nullableInteger('num_global_key_value_heads', null);
    const sizeOf = (index: number) => (isFull(index) ? fullSize : sizes.size);
    const sharedOf = (index: number) =>
      isFull(index) && keyIsValue ? (fullShared ?? sizes.shared) : sizes.shared;
    const firstReuse = layers - config.integer('num_kv_shared_layers', 0, 0);
    const isWide = config.boolean('use_double_wide_mlp', false);
    const innerOf = (index: number) => sizes.inner * (isWide && index >= firstReuse ? 2 : 1);
    const tableRows = config.integer('vocab_size_per_layer_input', 262_144);
    const perLayer = config.integer('hidden_size_per_layer_input', 256, 0);
    const hasExperts = config.boolean('enable_moe_block', false);
    const expertSizes = hasExperts
      ? {
          experts: config.integer('num_experts'),
          k: config.integer('top_k_experts'),
          inner: config.integer('moe_intermediate_size'),
        }
      : { experts: 0, k: 0, inner: 0 };
    const finalCap = config.nullableNumber('final_logit_softcapping', null) ?? undefined;
    const isTied = config.boolean('tie_word_embeddings', true);
    const rotary = readSectionRotary(config, sizes.context, (section) =>
      section === 'full_attention' ? fullSize : sizes.size,
    );
    config.only('use_bidirectional_attention', false, 'vision'); // images alone see both ways
    config.ignore('num_experts', 'top_k_experts', 'moe_intermediate_size');
    config.finish();

    return {
      description: describeDecoder({
        ...sizes,
        layers: seenBy(types, { window }),
        rotary: rotary('full_attention'),
      }),
      prefixes: ['model.', 'model.language_model.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = {
          full: rotaryTables(self, rotary('full_attention')),
          sliding: rotaryTables(self, rotary('sliding_attention')),
        };
        const stored = new Map<boolean, { readonly key: Value; readonly value: Value }>();

        function attention(scope: LayerScope, x: Value): Value {
          const { index } = scope.layer;
          const [size, shared] = [sizeOf(index), sharedOf(index)];
          const headNorm = rmsNorm({ size, epsilon });
          const project = (name: string, count: number) =>
            splitHeads(
              scope,
              linear(scope, name, x, { inputs: width, outputs: count * size, bias }),
              count,
              size,
            );
          const turn = (part: Value) => rotate(graph, part, size, isFull(index) ? turns.full : turns.sliding);
          const query = turn(headNorm(scope, 'q_norm', project('q_proj', heads)));
          // The last layers look into the keys and values of the last layer of their type that has its own.
          const reused = index < firstReuse ? undefined : stored.get(isFull(index));
          const own = reused ?? {
            key: turn(headNorm(scope, 'k_norm', project('k_proj', shared))),
            value: rmsNorm({ size, epsilon, weight: false })(
              scope,
              '',
              project(isFull(index) && keyIsValue ? 'k_proj' : 'v_proj', shared),
            ),
          };
          stored.set(isFull(index), own);
          const output = outputMatrix(scope, 'o_proj', { heads, size, width });
          const read = attend(scope, { query, ...own, heads, shared, valueSize: size, scale: 1, output });
          return linear(scope, 'o_proj', read, { inputs: heads * size, outputs: width, bias });
        }

        function experted(layer: LayerScope, x: Value): Value {
          const { experts, k } = expertSizes;
          const bare = rmsNorm({ size: width, epsilon, weight: false })(layer, '', x);
          const routed = graph.scale(
            graph.multiply(bare, layer.weight('router.scale', [width])),
            width ** -0.5,
          );
          const choice = softmaxChoice(
            graph,
            linear(layer, 'router.proj', routed, { inputs: width, outputs: experts }),
            k,
            true,
          );
          const scales = graph.gather(layer.weight('router.per_expert_scale', [experts]), choice.experts);
          const names = ['gate_up_proj', 'down_proj'] as const;
          const expert = stackedExperts(layer.at('experts'), { width, ...expertSizes, activation, names });
          const source = norm(layer, 'pre_feedforward_layernorm_2', x);
          const gated = { ...choice, gates: graph.multiply(choice.gates, scales) };
          return norm(
            layer,
            'post_feedforward_layernorm_2',
            mixture(layer, source, gated, { experts, k, width, expert }),
          );
        }

        const embedded = graph.scale(embedTokens(self, 'embed_tokens', vocabulary, width), Math.sqrt(width));
        const extra =
          perLayer === 0 ? [] : layerInputs(self, embedded, { layers, perLayer, tableRows, width, epsilon });
        const stream = self.layers('layers', embedded, (layer, x) => {
          const { index } = layer.layer;
          const read = attention(layer.at('self_attn'), norm(layer, 'input_layernorm', x));
          const attended = graph.add(x, norm(layer, 'post_attention_layernorm', read));
          const source = norm(layer, 'pre_feedforward_layernorm', attended);
          const dense = gatedFeedForward(layer.at('mlp'), source, {
            width,
            inner: innerOf(index),
            activation,
          });
          const both = hasExperts
            ? graph.add(norm(layer, 'post_feedforward_layernorm_1', dense), experted(layer, attended))
            : dense;
          const added = graph.add(attended, norm(layer, 'post_feedforward_layernorm', both));
          const input = extra[index];
          const scalar = layer.has('layer_scalar') ? layer.weight('layer_scalar', [1]) : graph.floats([1]);
          if (input === undefined) return graph.multiply(added, scalar);
          const gate = activation(
            graph,
            linear(layer, 'per_layer_input_gate', added, { inputs: width, outputs: perLayer }),
          );
          const projected = linear(layer, 'per_layer_projection', graph.multiply(gate, input), {
            inputs: perLayer,
            outputs: width,
          });
          return graph.multiply(
            graph.add(added, norm(layer, 'post_per_layer_input_norm', projected)),
            scalar,
          );
        });
        return () => {
          const head = { inputs: width, outputs: vocabulary };
          return softCap(
            graph,
            linear(self, isTied ? 'embed_tokens' : 'lm_head', norm(self, 'norm', stream), head),
            finalCap,
          );
        };
      },
    };
  },
};
