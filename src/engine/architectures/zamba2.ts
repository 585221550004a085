import { activationNamed, readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { gatedNorm } from '../blocks/gated-norm.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { mamba2, type Mamba2 } from '../blocks/mamba2.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary, rotate, rotaryTables, type RotaryTables } from '../blocks/rotary.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { readLayerTypes } from './layer-types.ts';
import { MAMBA2_LAYER } from './mamba2-keys.ts';

const TYPES = ['linear_attention', 'mamba', 'hybrid'] as const;
/** Layers of the published models where a config lists none. */
const HYBRIDS = [6, 12, 18, 24, 30, 36, 42, 47, 51];

/**
 * Zyphra 2024: Mamba-2 layers, before some of which stands one of a few shared transformer layers that reads the
 * embeddings, too; transformers/models/zamba2/modeling_zamba2.py.
 */
export const zamba2: Architecture = {
  name: 'Zamba2',
  modelTypes: ['zamba2'],
  read(raw) {
    const config = readConfig(raw, 'Zamba2', { layer_types: 'layers_block_type' });
    const width = config.integer('hidden_size', 2560);
    const heads = config.integer('num_attention_heads', 32);
    const shared = config.nullableInteger('num_key_value_heads', null) ?? heads;
    const layers = config.integer('num_hidden_layers', 54);
    const vocabulary = config.integer('vocab_size', 32_000);
    const isLong = config.boolean('use_long_context', false);
    const given = config.integer('max_position_embeddings', 4096);
    const context = isLong ? 16_384 : given;
    const inner = config.integer('intermediate_size', 4 * width);
    const both = 2 * width; // the stream beside the embeddings
    const size = Math.floor(both / heads);
    const activation = readActivation(config, 'hidden_act', 'gelu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const head = config.boolean('tie_word_embeddings', true) ? 'embed_tokens' : 'lm_head';
    const bias = config.boolean('add_bias_linear', false);
    const blocks = config.integer('num_mem_blocks', 1);
    const rank = config.integer('adapter_rank', 128);
    const isAdapted = config.boolean('use_shared_attention_adapter', false);
    const isTurned = config.boolean('use_mem_rope', false);
    const mixer = readMixer(config, width, bias);
    const types = readLayerTypes<(typeof TYPES)[number]>(
      config,
      layers,
      (index) => (HYBRIDS.includes(index) ? 'hybrid' : 'mamba'),
      TYPES,
      'layers_block_type',
    );
    const rotary = readRotary(config, { size, context });
    ignoreDerived(config);
    config.finish();
    const hybrids = types.flatMap((type, index) => (type === 'hybrid' ? [index] : []));
    const norm = rmsNorm({ size: width, epsilon });
    const normBoth = rmsNorm({ size: both, epsilon });

    /** A low-rank matrix that a shared layer has for each place where it stands. */
    function adapter(scope: Scope, name: string, x: Value, inputs: number, outputs: number): Value {
      const part = scope.at(name);
      return linear(part, '1', linear(part, '0', x, { inputs, outputs: rank }), { inputs: rank, outputs });
    }

    function attention(scope: LayerScope, x: Value, place: number, turns?: RotaryTables): Value {
      const { graph } = scope;
      const project = (letter: string, count: number) => {
        const plain = linear(scope, `${letter}_proj`, x, { inputs: both, outputs: count * size });
        const own = () => adapter(scope, `linear_${letter}_adapter_list.${place}`, x, both, count * size);
        return splitHeads(scope, isAdapted ? graph.add(plain, own()) : plain, count, size);
      };
      const turn = (y: Value) => (turns === undefined ? y : rotate(graph, y, size, turns));
      const inputs = {
        query: turn(project('q', heads)),
        key: turn(project('k', shared)),
        value: project('v', shared),
      };
      const output = outputMatrix(scope, 'o_proj', { heads, size, width });
      const scale = 1 / Math.sqrt(size / 2);
      const read = attend(scope, { ...inputs, heads, shared, valueSize: size, scale, output });
      return linear(scope, 'o_proj', read, { inputs: heads * size, outputs: width });
    }

    function feedForward(scope: Scope, x: Value, place: number): Value {
      const { graph } = scope;
      const plain = linear(scope, 'gate_up_proj', x, { inputs: width, outputs: 2 * inner, bias });
      const own = adapter(scope, `gate_up_proj_adapter_list.${place}`, x, width, 2 * inner);
      const [gate, up] = graph.split(graph.add(plain, own), [inner, inner]);
      const hidden = graph.multiply(activation(graph, gate), up);
      return linear(scope, 'down_proj', hidden, { inputs: inner, outputs: width, bias });
    }

    return {
      description: describeDecoder({
        width,
        vocabulary,
        context,
        heads,
        rotary,
        layers: types.map((type) => (type === 'hybrid' ? { kind: 'full' } : MAMBA2_LAYER)),
      }),
      prefixes: ['model.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = isTurned ? rotaryTables(self, rotary) : undefined;
        const embedded = embedTokens(self, 'embed_tokens', vocabulary, width);
        const mix = (scope: LayerScope, x: Value) =>
          mamba2(scope.at('mamba'), norm(scope, 'input_layernorm', x), mixer);
        const stream = self.layers('layers', embedded, (layer, x) => {
          const place = hybrids.indexOf(layer.layer.index);
          if (place < 0) return graph.add(x, mix(layer, x));
          // A shared layer's weights lie where it stands first, or are written out wherever it stands.
          const isWritten = layer.has('shared_transformer.input_layernorm.weight');
          const first = `layers.${hybrids[place % blocks] ?? 0}.shared_transformer`;
          const block = isWritten ? layer.at('shared_transformer') : layer.elsewhere(first);
          const source = normBoth(block, 'input_layernorm', graph.concat([x, embedded], -1));
          const attended = attention(block.at('self_attn'), source, place, turns);
          const added = feedForward(
            block.at('feed_forward'),
            norm(block, 'pre_ff_layernorm', attended),
            place,
          );
          const projected = linear(layer, 'linear', added, { inputs: width, outputs: width });
          return graph.add(x, mix(layer.at('mamba_decoder'), graph.add(x, projected)));
        });
        return () =>
          linear(self, head, norm(self, 'final_layernorm', stream), { inputs: width, outputs: vocabulary });
      },
    };
  },
};

function readMixer(config: ConfigReader, width: number, bias: boolean): Mamba2 {
  const heads = config.integer('n_mamba_heads', 8);
  const size = Math.floor(Math.trunc(config.number('mamba_expand', 2) * width) / heads);
  const groups = config.integer('mamba_ngroups', 1);
  return {
    width,
    heads,
    size,
    groups,
    state: config.integer('mamba_d_state', 64),
    kernel: config.integer('mamba_d_conv', 4),
    convolutionBias: true,
    projectionBias: bias,
    activation: activationNamed('silu', 'hidden_act'),
    limit: [config.number('time_step_min', 0.001), Infinity],
    gate: gatedNorm({ size: heads * size, groups, epsilon: 1e-5 }),
  };
}

/** Keys that follow from others, or that the reference does not read. */
function ignoreDerived(config: ConfigReader): void {
  config.ignore('attention_head_dim', 'attention_hidden_size', 'head_dim', 'hybrid_layer_ids', 'kv_channels');
  config.ignore('mamba_headdim', 'num_query_groups', 'ffn_hidden_size', 'state_size', 'time_step_max');
  config.ignore('time_step_floor', 'time_step_limit', 'chunk_size', 'use_conv_bias', 'use_mamba_kernels');
  config.ignore(
    'use_mem_eff_path',
    'use_shared_mlp_adapter',
    'use_shared_mlp_lora',
    'use_shared_attention_lora',
  );
  config.ignore('lora_rank', 'use_shared_block_lora', 'gated_linear_unit', 'conv_dimension', 'mamba_dt_rank');
}
