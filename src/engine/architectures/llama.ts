import { activate, ACTIVATION_NAMES } from '../blocks/activation.ts';
import { attend, readValues, repeatHeads, splitHeads } from '../blocks/attention.ts';
import { embed, linear, unembed } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import { fullLayers, type Architecture } from './architecture.ts';

/** Touvron et al. 2023; transformers/models/llama/modeling_llama.py. */
export const llama: Architecture = {
  name: 'Llama',
  modelTypes: ['llama'],
  read(raw) {
    const config = readConfig(raw, 'Llama');
    const width = config.integer('hidden_size', 4096);
    const heads = config.integer('num_attention_heads', 32);
    const shared = config.integer('num_key_value_heads', heads);
    const layers = config.integer('num_hidden_layers', 32);
    const inner = config.integer('intermediate_size', 11_008);
    const vocabulary = config.integer('vocab_size', 32_000);
    const context = config.integer('max_position_embeddings', 2048);
    const activation = config.choice('hidden_act', ACTIVATION_NAMES, 'silu');
    const norm = { size: width, epsilon: config.number('rms_norm_eps', 1e-6) };
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const isTied = config.boolean('tie_word_embeddings', false);
    const size = config.integer('head_dim', Math.floor(width / heads));
    const rotary = readRotary(config, { theta: 'rope_theta' });
    config.ignore('pretraining_tp', 'max_sequence_length'); // parts of the same products; an old name of the context
    config.finish();
    divideEvenly('num_attention_heads', heads, shared);

    return {
      description: {
        family: 'Llama',
        modelType: 'llama',
        hiddenSize: width,
        vocabularySize: vocabulary,
        context,
        stacks: [{ stack: 'self', layout: 'causal', heads, layers: fullLayers(layers) }],
      },
      prefixes: ['model.'],
      build(model) {
        const { graph, tensors, ids, positions, wantsLogits } = model;
        const turns = rotaryTables(graph, positions, rotary.frequencies(Math.floor(size * rotary.share)));
        let stream = embed(graph, tensors, 'embed_tokens', ids, [vocabulary, width]); // [batch, n, width]
        for (let layer = 0; layer < layers; layer++) {
          const block = `layers.${layer}`;
          const normed = rmsNorm(graph, tensors, `${block}.input_layernorm`, stream, norm);
          const project = (name: string, count: number): Value => {
            const sizes = { inputs: width, outputs: count * size, bias: attentionBias };
            const flat = linear(graph, tensors, `${block}.self_attn.${name}`, normed, sizes);
            return splitHeads(graph, flat, count, size);
          };
          const key = rotate(graph, project('k_proj', shared), size, turns);
          const weights = attend(model, layer, {
            query: rotate(graph, project('q_proj', heads), size, turns),
            key: repeatHeads(graph, key, shared, heads),
            scale: 1 / Math.sqrt(size),
          });
          if (layer === layers - 1 && !wantsLogits) return undefined;
          const value = repeatHeads(graph, project('v_proj', shared), shared, heads);
          const read = readValues(graph, weights, value, heads, size);
          const attended = linear(graph, tensors, `${block}.self_attn.o_proj`, read, {
            inputs: heads * size,
            outputs: width,
            bias: attentionBias,
          });
          stream = graph.op('Add', [stream, attended]);
          const source = rmsNorm(graph, tensors, `${block}.post_attention_layernorm`, stream, norm);
          const up = { inputs: width, outputs: inner, bias };
          const gate = activate(graph, activation, linear(graph, tensors, `${block}.mlp.gate_proj`, source, up));
          const hidden = graph.op('Mul', [gate, linear(graph, tensors, `${block}.mlp.up_proj`, source, up)]);
          const down = linear(graph, tensors, `${block}.mlp.down_proj`, hidden, { inputs: inner, outputs: width, bias });
          stream = graph.op('Add', [stream, down]);
        }
        const final = rmsNorm(graph, tensors, 'norm', stream, norm);
        return unembed(graph, tensors, isTied ? 'embed_tokens' : 'lm_head', final, { width, vocabulary });
      },
    };
  },
};
