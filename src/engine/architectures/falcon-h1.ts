import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { gatedNorm, siluGate } from '../blocks/gated-norm.ts';
import { linear } from '../blocks/linear.ts';
import { mamba2, type Mamba2 } from '../blocks/mamba2.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import type { Residual } from '../blocks/residual.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readMamba2 } from './mamba2-keys.ts';

/** TII 2025: attention and Mamba-2 side by side in each layer; transformers/models/falcon_h1/modeling_falcon_h1.py. */
export const falconH1: Architecture = {
  name: 'Falcon-H1',
  modelTypes: ['falcon_h1'],
  read(raw) {
    const config = readConfig(raw, 'Falcon-H1');
    const defaults = { width: 4096, heads: 32, shared: 8, layers: 32, inner: 14_336 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 128_000, context: 8192 });
    const { width, inner, size } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const mlpBias = config.boolean('mlp_bias', false);
    const one = (key: string) => config.number(key, 1);
    const [gateFactor = 1, downFactor = 1] = readFactors(config, 'mlp_multipliers', 2);
    const [fromAttention, fromState] = [one('attention_out_multiplier'), one('ssm_out_multiplier')];
    const [toAttention, toState] = [one('attention_in_multiplier'), one('ssm_in_multiplier')];
    const scale = one('key_multiplier') / Math.sqrt(size);
    const mixer = readMixer(config, width, epsilon);
    const rotary = readRotary(config, sizes);
    config.ignore(
      'mamba_use_mlp',
      'mlp_expansion_factor',

      'layers_block_type',
      'layer_types',
    );
    const [embeddingScale, logitScale] = [one('embedding_multiplier'), one('lm_head_multiplier')];
    config.finish();

    const residual: Residual = (layer, x, { norm, attention, feedForward }) => {
      const { graph } = layer;
      const normed = norm(layer, 'input_layernorm', x);
      const state = graph.scale(mamba2(layer.at('mamba'), graph.scale(normed, toState), mixer), fromState);
      const attended = graph.scale(attention(graph.scale(normed, toAttention)), fromAttention);
      const mixed = graph.add(x, graph.add(state, attended));
      return graph.add(mixed, feedForward(norm(layer, 'pre_ff_layernorm', mixed)));
    };

    function feedForward(scope: Scope, x: Value): Value {
      const { graph } = scope;
      const outward = { inputs: width, outputs: inner, bias: mlpBias };
      const gate = activation(graph, graph.scale(linear(scope, 'gate_proj', x, outward), gateFactor));
      const hidden = graph.multiply(linear(scope, 'up_proj', x, outward), gate);
      return graph.scale(
        linear(scope, 'down_proj', hidden, { inputs: inner, outputs: width, bias: mlpBias }),
        downFactor,
      );
    }

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: width, epsilon }),
          isTied,
          embeddingScale,
          logitScale,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, scale }),
          residual,
          feedForward: (layer, x) => feedForward(layer.at('feed_forward'), x),
          finalNorm: 'final_layernorm',
        }),
    };
  },
};

function readMixer(config: ConfigReader, width: number, epsilon: number): Mamba2 {
  const inner = config.nullableInteger('mamba_d_ssm', 1024) ?? undefined;
  const outputBias = config.boolean('projectors_bias', false);
  const isNormed = config.boolean('mamba_rms_norm', false);
  const before = config.boolean('mamba_norm_before_gate', true);
  const mixer = readMamba2(config, width, epsilon, inner);
  const norm = gatedNorm({ size: mixer.heads * mixer.size, groups: mixer.groups, epsilon, before });
  const multipliers = readFactors(config, 'ssm_multipliers', 5) as Required<Mamba2>['multipliers'];
  return { ...mixer, outputBias, gate: isNormed ? norm : siluGate, multipliers };
}

/** @throws AtlasError `config-value-invalid` */
function readFactors(config: ConfigReader, key: string, count: number): readonly number[] {
  const factors = config.numbers(key) ?? new Array<number>(count).fill(1);
  if (factors.length === count) return factors;
  throw atlasError('config-value-invalid', { key, value: factors, expected: `${count} numbers` });
}
