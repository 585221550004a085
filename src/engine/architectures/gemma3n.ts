import { readActivation } from '../blocks/activation.ts';
import { altUpCorrect, altUpPredict, altUpSpread, altUpUnite } from '../blocks/alt-up.ts';
import { attend, softCap } from '../blocks/attention.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { layerInputs } from '../blocks/layer-inputs.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readLayeredRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { sparseGate } from '../blocks/sparse-gate.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';

/** Google 2025, the text part; transformers/models/gemma3n/modeling_gemma3n.py. */
export const gemma3n: Architecture = {
  name: 'Gemma 3n',
  modelTypes: ['gemma3n_text'],
  read(raw) {
    const listed = Array.isArray(raw.intermediate_size) ? (raw.intermediate_size as unknown[]) : undefined;
    const config = readConfig(
      listed === undefined ? raw : { ...raw, intermediate_size: listed[0] },
      'Gemma 3n',
    );
    const defaults = { width: 2048, heads: 8, shared: 2, size: 256, layers: 35, inner: 16_384 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 262_400, context: 32_768 });
    const { width, heads, shared, size, vocabulary, layers } = sizes;
    const inners =
      readConfig({ list: listed ?? Array.from({ length: layers }, () => sizes.inner) }, 'Gemma 3n').numbers(
        'list',
      ) ?? [];
    const activation = readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const norm = rmsNorm({ size: width, epsilon });
    const bias = config.boolean('attention_bias', false);
    const window = config.nullableInteger('sliding_window', 512);
    const types = readLayerTypes(config, layers, (index) =>
      (index + 1) % 5 === 0 ? 'full_attention' : 'sliding_attention',
    );
    const finalCap = config.nullableNumber('final_logit_softcapping', 30) ?? undefined;
    const tableRows = config.integer('vocab_size_per_layer_input', 262_144);
    const perLayer = config.integer('hidden_size_per_layer_input', 256);
    const streams = config.integer('altup_num_inputs', 4, 2);
    const active = config.integer('altup_active_idx', 0, 0);
    const isScaled = config.boolean('altup_correct_scale', true);
    const firstReuse = layers - config.integer('num_kv_shared_layers', 15, 0);
    const rank = config.integer('laurel_rank', 64);
    const sparsity = config.numbers('activation_sparsity_pattern');
    const shareOf = (index: number) => sparsity?.[index] ?? (layers > 10 && index < 10 ? 0.95 : 0);
    const rotary = readLayeredRotary(config, {
      ...sizes,
      full: { key: 'rope_theta', theta: 1_000_000 },
      sliding: { key: 'rope_local_base_freq', theta: 10_000 },
    });
    const isTied = config.boolean('tie_word_embeddings', true);
    config.only('use_bidirectional_attention', false);
    config.ignore('altup_coef_clip', 'altup_lr_multiplier', 'query_pre_attn_scalar', 'query_rescale_scalar');
    config.finish();
    const altUp = { width, streams, active, epsilon };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary: rotary.full }),
      prefixes: ['model.', 'model.language_model.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = {
          full_attention: rotaryTables(self, rotary.full),
          sliding_attention: rotaryTables(self, rotary.sliding),
        };
        const stored = new Map<string, { readonly key: Value; readonly value: Value }>();
        const headNorm = rmsNorm({ size, epsilon });
        const bareNorm = rmsNorm({ size, epsilon, weight: false });

        function attention(scope: LayerScope, x: Value): Value {
          const { index } = scope.layer;
          const type = types[index] === 'full_attention' ? 'full_attention' : 'sliding_attention';
          const heads4 = (name: string, count: number) =>
            splitHeads(
              scope,
              linear(scope, name, x, { inputs: width, outputs: count * size, bias }),
              count,
              size,
            );
          const turn = (part: Value) => rotate(graph, part, size, turns[type]);
          const query = turn(headNorm(scope, 'q_norm', heads4('q_proj', heads)));
          // The last layers look into the keys and values of the last layer of their type that has its own.
          const reused = index < firstReuse ? undefined : stored.get(type);
          const own = reused ?? {
            key: turn(headNorm(scope, 'k_norm', heads4('k_proj', shared))),
            value: bareNorm(scope, '', heads4('v_proj', shared)),
          };
          stored.set(type, own);
          const output = outputMatrix(scope, 'o_proj', { heads, size, width });
          const read = attend(scope, { query, ...own, heads, shared, valueSize: size, scale: 1, output });
          return linear(scope, 'o_proj', read, { inputs: heads * size, outputs: width, bias });
        }

        const embedded = graph.scale(embedTokens(self, 'embed_tokens', vocabulary, width), Math.sqrt(width));
        const extra = layerInputs(self, embedded, { layers, perLayer, tableRows, width, epsilon });
        const stacked = self.layers('layers', altUpSpread(self, embedded, altUp), (layer, x) => {
          const { index } = layer.layer;
          const inner = inners[index] ?? sizes.inner;
          const predicted = altUpPredict(layer.at('altup'), x, altUp);
          const normed = norm(layer, 'input_layernorm', predicted.active);
          const low = linear(layer, 'laurel.linear_left', normed, { inputs: width, outputs: rank });
          const lifted = linear(layer, 'laurel.linear_right', low, { inputs: rank, outputs: width });
          const laurel = graph.add(normed, norm(layer, 'laurel.post_laurel_norm', lifted));
          const attended = norm(layer, 'post_attention_layernorm', attention(layer.at('self_attn'), normed));
          const both = graph.scale(graph.add(graph.add(predicted.active, attended), laurel), Math.SQRT1_2);
          const source = norm(layer, 'pre_feedforward_layernorm', both);
          const gated = activation(
            graph,
            sparseGate(
              graph,
              linear(layer, 'mlp.gate_proj', source, { inputs: width, outputs: inner }),
              shareOf(index),
            ),
          );
          const hidden = graph.multiply(
            gated,
            linear(layer, 'mlp.up_proj', source, { inputs: width, outputs: inner }),
          );
          const down = linear(layer, 'mlp.down_proj', hidden, { inputs: inner, outputs: width });
          const activated = graph.add(both, norm(layer, 'post_feedforward_layernorm', down));
          const corrected = altUpCorrect(layer.at('altup'), predicted, activated, altUp);
          const scale = isScaled ? layer.weight('altup.correct_output_scale', [width]) : graph.floats([1]);
          const first = linear(layer, 'per_layer_input_gate', graph.multiply(corrected.active, scale), {
            inputs: width,
            outputs: perLayer,
          });
          const mixed = graph.multiply(activation(graph, first), extra[index] ?? first);
          const projected = linear(layer, 'per_layer_projection', mixed, {
            inputs: perLayer,
            outputs: width,
          });
          return corrected.plus(norm(layer, 'post_per_layer_input_norm', projected));
        });
        return () => {
          const final = norm(self, 'norm', altUpUnite(self, stacked, altUp));
          const logits = linear(self, isTied ? 'embed_tokens' : 'lm_head', final, {
            inputs: width,
            outputs: vocabulary,
          });
          return softCap(graph, logits, finalCap);
        };
      },
    };
  },
};
