import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { convolution } from '../blocks/convolution.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, readConfig, type ConfigReader, type RawConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeEncoder } from './encoder.ts';

/** Dosovitskiy et al. 2021, and Touvron et al. 2021 (DeiT), with a token to be distilled into; transformers/models/vit. */
export const vit: Architecture = {
  name: 'ViT',
  modelTypes: ['vit', 'deit'],
  read(raw) {
    const config = readConfig(raw, 'ViT');
    const special = raw.model_type === 'deit' ? ['cls_token', 'distillation_token'] : ['cls_token'];
    const width = config.integer('hidden_size', 768);
    const heads = config.integer('num_attention_heads', 12);
    const layers = config.integer('num_hidden_layers', 12);
    const inner = config.integer('intermediate_size', 3072);
    const channels = config.integer('num_channels', 3);
    const size = config.has('head_dim')
      ? config.integer('head_dim')
      : divideEvenly('hidden_size', width, heads);
    const [height, breadth] = readSides(raw, config, 'image_size', 224);
    const patch = readSides(raw, config, 'patch_size', 16);
    const patches = Math.floor(height / patch[0]) * Math.floor(breadth / patch[1]);
    if (patches === 0) throw badSides('patch_size', raw.patch_size, 'no more than image_size');
    const tokens = special.length + patches;
    const queryBias = config.boolean('qkv_bias', true);
    const activation = readActivation(config, 'hidden_act', 'gelu');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_eps', 1e-12) });
    config.ignore('encoder_stride', 'pooler_act', 'pooler_output_size');
    config.finish();

    /** The special tokens and the patches, row by row, each with its position: `[tokens, width]`. */
    function embed(scope: Scope, pixels: Value): Value {
      const { graph, sequence } = scope;
      const grid = convolution(scope, 'patch_embeddings.projection', pixels, {
        inputs: channels,
        outputs: width,
        kernel: patch,
        strides: patch,
        bias: true,
      }); // [batch, width, rows, columns]
      const rows = graph.transpose(graph.reshape(grid, [0, width, patches]), [0, 2, 1]);
      const batch = graph.slice(sequence.shape(), 0, 0, 1);
      const first = special.map((name) =>
        graph.op('Expand', [
          scope.weight(name, [1, 1, width]),
          graph.concat([batch, graph.integers([1, 1])], 0),
        ]),
      );
      const joined = graph.concat([...first, rows], 1); // [batch, tokens, width]
      const positions = scope.weight('position_embeddings', [1, tokens, width]);
      return graph.reshape(graph.add(joined, positions), [-1, width]);
    }

    const residual = preNorm(['layernorm_before', 'layernorm_after']);
    const attention = {
      width,
      heads,
      shared: heads,
      size,
      names: ['attention.query', 'attention.key', 'attention.value', 'output.dense'] as const,
      queryBias,
      outputBias: true,
      scale: size ** -0.5,
    };
    const names = ['intermediate.dense', 'output.dense'] as const;
    return {
      description: {
        ...describeEncoder({ width, vocabulary: 0, context: null, heads, layers }),
        signal: { kind: 'pixels', channels, height, width: breadth, tokens },
      },
      prefixes: ['vit.', 'deit.', ''],
      build({ self, signal }) {
        self.layers('encoder.layer', embed(self.at('embeddings'), signal), (layer, x) =>
          residual(layer, x, {
            norm,
            attention: (y) => selfAttention(layer.at('attention'), y, attention),
            feedForward: (y) => feedForward(layer, y, { width, inner, activation, bias: true, names }),
          }),
        );
        return undefined; // its heads say what the whole picture is
      },
    };
  },
};

/** Height and width, which a config may give as one number. */
function readSides(
  raw: RawConfig,
  config: ConfigReader,
  key: string,
  fallback: number,
): readonly [height: number, width: number] {
  if (!Array.isArray(raw[key])) {
    const side = config.integer(key, fallback);
    return [side, side];
  }
  const [height = 0, width = 0, ...more] = config.numbers(key) ?? [];
  if (more.length === 0 && [height, width].every((side) => Number.isSafeInteger(side) && side > 0)) {
    return [height, width];
  }
  throw badSides(key, raw[key], 'a whole number of at least 1, or two of them');
}

function badSides(key: string, value: unknown, expected: string): Error {
  return atlasError('config-value-invalid', { key, value, expected });
}
