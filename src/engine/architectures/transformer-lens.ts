import { activationNamed, type Activation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { addPositions } from '../blocks/linear.ts';
import { logitEffects } from '../blocks/unembedding.ts';
import { readConfig, type RawConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { weightReader, type ReadWeight } from './transformer-lens-weights.ts';

/** Whether a config that names no `model_type` is one of TransformerLens's. */
export function isTransformerLens(config: RawConfig): boolean {
  return ['d_model', 'n_layers', 'n_heads', 'd_head', 'n_ctx', 'd_vocab', 'act_fn'].every((key) =>
    Object.hasOwn(config, key),
  );
}

/** Elhage et al. 2022 */
const solu: Activation = (graph, x) => graph.multiply(x, graph.softmax(x));

/** Nanda and Bloom 2022: the attention-only, GELU and SoLU models in their own format; transformer_lens 2.15. */
export const transformerLens: Architecture = {
  name: 'TransformerLens',
  modelTypes: ['transformer_lens'],
  read(raw) {
    const config = readConfig(raw, 'TransformerLens');
    const width = config.integer('d_model');
    const heads = config.integer('n_heads');
    const size = config.integer('d_head');
    const layers = config.integer('n_layers');
    const context = config.integer('n_ctx');
    const vocabulary = config.integer('d_vocab');
    const inner = config.integer('d_mlp', 4 * width);
    const name = config.text('act_fn');
    const activation = name.startsWith('solu') ? solu : activationNamed(name, 'act_fn');
    const isAttentionOnly = config.boolean('attn_only', false);
    const isShortformer = config.boolean('shortformer_pos', false);
    const key = config.has('normalization') ? 'normalization' : 'normalization_type';
    const hasWeights = config.choice(key, ['LN', 'LNPre'], 'LN') === 'LN';
    const isMinGpt = raw.architecture === 'mingpt';
    let read: ReadWeight = (scope, part, shape) => scope.weight(part, shape);
    config.only('final_rms', false);
    config.ignore(...Object.keys(raw)); // the loader of these models reads no others: the rest is how they were trained
    config.finish();

    function norm(scope: Scope, part: string, x: Value, length: number): Value {
      const { graph } = scope;
      const ones = graph.floats(new Float32Array(length).fill(1), [length]);
      const weights = hasWeights
        ? [read(scope, `${part}.w`, [length]), read(scope, `${part}.b`, [length])]
        : [ones];
      return graph.op('LayerNormalization', [x, ...weights], { axis: { int: -1 }, epsilon: { float: 1e-5 } });
    }

    function attention(scope: LayerScope, x: Value, placed: Value): Value {
      const { graph } = scope;
      const project = (letter: string, source: Value) =>
        headsOf(scope, read, letter, source, { width, heads, size });
      const inputs = { query: project('Q', placed), key: project('K', placed), value: project('V', x) };
      const mixed = attend(scope, {
        ...inputs,
        heads,
        valueSize: size,
        scale: 1 / Math.sqrt(size),
        output: () => read(scope, 'W_O', [heads, size, width]),
      });
      const output = graph.reshape(read(scope, 'W_O', [heads, size, width]), [heads * size, width]);
      return graph.op('Gemm', [mixed, output, read(scope, 'b_O', [width])]);
    }

    function feedForward(scope: Scope, x: Value): Value {
      const { graph } = scope;
      const weights = [read(scope, 'W_in', [width, inner]), read(scope, 'b_in', [inner])];
      const hidden = activation(graph, graph.op('Gemm', [x, ...weights]));
      const normed = name === 'solu_ln' ? norm(scope, 'ln', hidden, inner) : hidden;
      return graph.op('Gemm', [normed, read(scope, 'W_out', [inner, width]), read(scope, 'b_out', [width])]);
    }

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: [''],
      build({ self }) {
        const { graph, sequence } = self;
        read = weightReader(self, layers, isMinGpt);
        const tokens = graph.reshape(sequence.ids, [-1]);
        const embedded = graph.gather(read(self, 'embed.W_E', [vocabulary, width]), tokens);
        const positions = graph.gather(read(self, 'pos_embed.W_pos', [context, width]), sequence.positions);
        const place = (x: Value) => addPositions(self, x, positions, width);
        const finalPart = (written: Value) => {
          const centred = graph.subtract(written, graph.mean(written));
          return hasWeights ? graph.multiply(centred, read(self, 'ln_final.w', [width])) : centred;
        };
        const rowsOfHead = () => {
          const all = graph.transpose(read(self, 'unembed.W_U', [width, vocabulary]), [1, 0]);
          return { rows: graph.gather(all, sequence.ids), all };
        };
        const stream = self.layers('blocks', isShortformer ? embedded : place(embedded), (layer, x) => {
          const source = norm(layer, 'ln1', x, width);
          // Shortformer (Press et al. 2021): queries and keys know where they are, the stream does not.
          const mixed = attention(layer.at('attn'), source, isShortformer ? place(source) : source);
          const attended = graph.add(x, mixed);
          if (isAttentionOnly) return attended;
          return graph.add(attended, feedForward(layer.at('mlp'), norm(layer, 'ln2', attended, width)));
        });
        const logits = () => unembed(read, self, norm(self, 'ln_final', stream, width), [width, vocabulary]);
        return Object.assign(logits, { effects: logitEffects(self, finalPart, rowsOfHead) });
      },
    };
  },
};

/** `[tokens, width]` times `W_LETTER`, `[heads, width, size]`, and `b_LETTER`, as `[batch, heads, n, size]`. */
function headsOf(
  scope: Scope,
  read: ReadWeight,
  letter: string,
  x: Value,
  { width, heads, size }: { readonly width: number; readonly heads: number; readonly size: number },
): Value {
  const { graph, sequence } = scope;
  const each = graph.reshape(x, graph.concat([sequence.shape(), graph.integers([width])], 0)); // [batch, n, width]
  const apart = graph.op('Unsqueeze', [each, graph.integers([1])]); // [batch, 1, n, width]
  const product = graph.matmul(apart, read(scope, `W_${letter}`, [heads, width, size]));
  return graph.add(product, graph.reshape(read(scope, `b_${letter}`, [heads, size]), [heads, 1, size]));
}

function unembed(read: ReadWeight, scope: Scope, x: Value, shape: readonly [number, number]): Value {
  return scope.graph.op('Gemm', [
    x,
    read(scope, 'unembed.W_U', shape),
    read(scope, 'unembed.b_U', [shape[1]]),
  ]);
}
