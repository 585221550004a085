import { activate, ACTIVATION_NAMES } from '../blocks/activation.ts';
import { attend, readValues } from '../blocks/attention.ts';
import { embed, linear, unembed } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import { fullLayers, type Architecture } from './architecture.ts';

/** Black et al. 2022 (GPT-NeoX-20B), Biderman et al. 2023 (Pythia); transformers/models/gpt_neox/modeling_gpt_neox.py. */
export const gptNeox: Architecture = {
  name: 'GPT-NeoX',
  modelTypes: ['gpt_neox'],
  read(raw) {
    const config = readConfig(raw, 'GPT-NeoX');
    const width = config.integer('hidden_size', 6144);
    const heads = config.integer('num_attention_heads', 64);
    const layers = config.integer('num_hidden_layers', 44);
    const inner = config.integer('intermediate_size', 24_576);
    const vocabulary = config.integer('vocab_size', 50_432);
    const context = config.integer('max_position_embeddings', 2048);
    const activation = config.choice('hidden_act', ACTIVATION_NAMES, 'gelu');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const bias = config.boolean('attention_bias', true);
    const isParallel = config.boolean('use_parallel_residual', true);
    const isTied = config.boolean('tie_word_embeddings', false);
    const rotary = readRotary(config, { theta: 'rotary_emb_base', share: 'rotary_pct', shareFallback: 0.25 });
    config.never('is_decoder', true);
    config.finish();
    const size = divideEvenly('hidden_size', width, heads);
    const norm = { size: width, epsilon };

    return {
      description: {
        family: 'GPT-NeoX',
        modelType: 'gpt_neox',
        hiddenSize: width,
        vocabularySize: vocabulary,
        context,
        stacks: [{ stack: 'self', layout: 'causal', heads, layers: fullLayers(layers) }],
      },
      prefixes: ['gpt_neox.'],
      build(model) {
        const { graph, tensors, ids, positions, wantsLogits } = model;
        const turns = rotaryTables(graph, positions, rotary.frequencies(Math.floor(size * rotary.share)));
        let stream = embed(graph, tensors, 'embed_in', ids, [vocabulary, width]); // [batch, n, width]
        for (let layer = 0; layer < layers; layer++) {
          const block = `layers.${layer}`;
          const normed = layerNorm(graph, tensors, `${block}.input_layernorm`, stream, norm);
          const joint = linear(graph, tensors, `${block}.attention.query_key_value`, normed, { inputs: width, outputs: 3 * width, bias });
          const apart = graph.op('Reshape', [joint, graph.integers([0, 0, heads, 3 * size])]); // each head's q, k, v together
          const byHead = graph.op('Transpose', [apart], { perm: { ints: [0, 2, 1, 3] } }); // [batch, heads, n, 3 * size]
          const [query, key, value] = graph.split('Split', [byHead, graph.integers([size, size, size])], 3, {
            axis: { int: -1 },
          }) as [Value, Value, Value];
          const weights = attend(model, layer, {
            query: rotate(graph, query, size, turns),
            key: rotate(graph, key, size, turns),
            scale: 1 / Math.sqrt(size),
          });
          if (layer === layers - 1 && !wantsLogits) return undefined;
          const read = readValues(graph, weights, value, heads, size);
          const attended = linear(graph, tensors, `${block}.attention.dense`, read, { inputs: width, outputs: width, bias });
          const afterAttention = graph.op('Add', [stream, attended]);
          const source = layerNorm(graph, tensors, `${block}.post_attention_layernorm`, isParallel ? stream : afterAttention, norm);
          const hidden = linear(graph, tensors, `${block}.mlp.dense_h_to_4h`, source, { inputs: width, outputs: inner, bias: true });
          const activated = activate(graph, activation, hidden);
          const added = linear(graph, tensors, `${block}.mlp.dense_4h_to_h`, activated, { inputs: inner, outputs: width, bias: true });
          stream = graph.op('Add', [afterAttention, added]);
        }
        const final = layerNorm(graph, tensors, 'final_layer_norm', stream, norm);
        return unembed(graph, tensors, isTied ? 'embed_in' : 'embed_out', final, { width, vocabulary });
      },
    };
  },
};
