import { activate, ACTIVATION_NAMES } from '../blocks/activation.ts';
import { attend, readValues, splitHeads } from '../blocks/attention.ts';
import { embed, linear, unembed } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import { fullLayers, type Architecture } from './architecture.ts';

/** Radford et al. 2019; transformers/models/gpt2/modeling_gpt2.py. */
export const gpt2: Architecture = {
  name: 'GPT-2',
  modelTypes: ['gpt2'],
  read(raw) {
    const config = readConfig(raw, 'GPT-2');
    const width = config.integer('n_embd', 768);
    const heads = config.integer('n_head', 12);
    const layers = config.integer('n_layer', 12);
    const context = config.integer('n_positions', 1024);
    const vocabulary = config.integer('vocab_size', 50_257);
    const inner = config.integer('n_inner', 4 * width);
    const activation = config.choice('activation_function', ACTIVATION_NAMES, 'gelu_new');
    const epsilon = config.number('layer_norm_epsilon', 1e-5);
    const isScaled = config.boolean('scale_attn_weights', true);
    const isScaledByLayer = config.boolean('scale_attn_by_inverse_layer_idx', false);
    const isTied = config.boolean('tie_word_embeddings', true);
    config.never('add_cross_attention', true);
    config.ignore('reorder_and_upcast_attn', 'summary_type', 'summary_use_proj', 'summary_activation', 'summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    const norm = { size: width, epsilon };

    return {
      description: {
        family: 'GPT-2',
        modelType: 'gpt2',
        hiddenSize: width,
        vocabularySize: vocabulary,
        context,
        stacks: [{ stack: 'self', layout: 'causal', heads, layers: fullLayers(layers) }],
      },
      prefixes: ['transformer.'],
      build(model) {
        const { graph, tensors, ids, positions, wantsLogits } = model;
        const conv = (name: string, x: typeof ids, inputs: number, outputs: number) =>
          linear(graph, tensors, name, x, { inputs, outputs, bias: true, transposed: true });
        let stream = graph.op('Add', [
          embed(graph, tensors, 'wte', ids, [vocabulary, width]),
          embed(graph, tensors, 'wpe', positions, [context, width]),
        ]); // [batch, n, width]
        for (let layer = 0; layer < layers; layer++) {
          const block = `h.${layer}`;
          const joint = conv(`${block}.attn.c_attn`, layerNorm(graph, tensors, `${block}.ln_1`, stream, norm), width, 3 * width);
          const [query, key, value] = graph
            .split('Split', [joint, graph.integers([width, width, width])], 3, { axis: { int: -1 } })
            .map((part) => splitHeads(graph, part, heads, size)) as [typeof ids, typeof ids, typeof ids];
          const scale = (isScaled ? 1 / Math.sqrt(size) : 1) / (isScaledByLayer ? layer + 1 : 1);
          const weights = attend(model, layer, { query, key, scale });
          if (layer === layers - 1 && !wantsLogits) return undefined;
          const read = readValues(graph, weights, value, heads, size);
          stream = graph.op('Add', [stream, conv(`${block}.attn.c_proj`, read, width, width)]);
          const hidden = conv(`${block}.mlp.c_fc`, layerNorm(graph, tensors, `${block}.ln_2`, stream, norm), width, inner);
          stream = graph.op('Add', [stream, conv(`${block}.mlp.c_proj`, activate(graph, activation, hidden), inner, width)]);
        }
        const final = layerNorm(graph, tensors, 'ln_f', stream, norm);
        return unembed(graph, tensors, isTied ? 'wte' : 'lm_head', final, { width, vocabulary });
      },
    };
  },
};
