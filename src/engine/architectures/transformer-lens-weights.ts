import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/** Reads a tensor under the name and in the shape that TransformerLens gives it now. */
export type ReadWeight = (scope: Scope, name: string, shape: readonly number[]) => Value;

const current: ReadWeight = (scope, name, shape) => scope.weight(name, shape);

/**
 * How a checkpoint's tensors are read: as they are, or from one of the layouts that TransformerLens converts when it
 * loads a model (transformer_lens 2.15, pretrained/weight_conversions).
 *
 * @param isMinGpt minGPT's (`"architecture": "mingpt"`: Othello)
 */
export function weightReader(root: Scope, layers: number, isMinGpt: boolean): ReadWeight {
  if (isMinGpt) return minGpt;
  return root.has('norm.w') ? oldSolu(layers) : current;
}

/**
 * The first SoLU models: norms under another name, and matrices the other way round up to 6 layers, positions up to 8
 * (neel_solu_old.py).
 */
function oldSolu(layers: number): ReadWeight {
  return (scope, name, shape) => {
    const older = name.replace('ln_final', 'norm').replace(/^ln/u, 'norm');
    const isTurned = name.includes('W_') && layers <= (name.includes('W_pos') ? 8 : 6);
    if (!isTurned) return scope.weight(older, shape);
    const [last = 1, before = 1, ...rest] = shape.toReversed();
    return swapLast(scope.graph, scope.weight(older, [...rest.toReversed(), last, before]), shape.length);
  };
}

const MIN_GPT_NAMES: Readonly<Record<string, string>> = {
  'embed.W_E': 'tok_emb.weight',
  'pos_embed.W_pos': 'pos_emb',
  'unembed.W_U': 'head.weight',
  W_O: 'proj.weight',
  b_O: 'proj.bias',
  W_Q: 'query.weight',
  b_Q: 'query.bias',
  W_K: 'key.weight',
  b_K: 'key.bias',
  W_V: 'value.weight',
  b_V: 'value.bias',
  W_in: '0.weight',
  b_in: '0.bias',
  W_out: '2.weight',
  b_out: '2.bias',
};

/** Linear layers as PyTorch has them, heads side by side, and no bias of the unembedding (mingpt.py). */
const minGpt: ReadWeight = (scope, name, shape) => {
  const { graph } = scope;
  const [first = 1, second = 1, third = 1] = shape;
  if (name === 'unembed.b_U') return graph.floats(new Float32Array(first), [first]);
  const norm = name.replace('ln_final', 'ln_f').replace(/\.w$/u, '.weight').replace(/\.b$/u, '.bias');
  const stored = MIN_GPT_NAMES[name] ?? norm;
  switch (name) {
    case 'pos_embed.W_pos':
      return graph.reshape(scope.weight(stored, [1, first, second]), [first, second]);
    case 'W_O': // [heads, size, width] of [width, heads * size]
      return graph.reshape(swapLast(graph, scope.weight(stored, [third, first * second]), 2), [...shape]);
    case 'W_Q': // [heads, width, size] of [heads * size, width]
    case 'W_K':
    case 'W_V': {
      const apart = graph.reshape(scope.weight(stored, [first * third, second]), [first, third, second]);
      return swapLast(graph, apart, 3);
    }
    case 'b_Q':
    case 'b_K':
    case 'b_V':
      return graph.reshape(scope.weight(stored, [first * second]), [...shape]);
    case 'W_in':
    case 'W_out':
    case 'unembed.W_U':
      return swapLast(graph, scope.weight(stored, [second, first]), 2);
    default:
      return scope.weight(stored, shape);
  }
};

function swapLast(graph: GraphBuilder, x: Value, rank: number): Value {
  return graph.transpose(x, rank === 2 ? [1, 0] : [0, 2, 1]);
}
