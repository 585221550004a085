import type { Value } from '../graph/graph-builder.ts';
import type { LinearStep, Scope } from '../scope.ts';
import type { Norm } from './normalization.ts';

/** The two halves of a layer. */
interface LayerParts {
  readonly norm: Norm;
  readonly attention: (x: Value) => Value;
  readonly feedForward: (x: Value) => Value;
}

/** How a layer adds its halves to the stream, `[tokens, width]`. */
export type Residual = (layer: Scope, x: Value, parts: LayerParts) => Value;

type Pair = readonly [ofAttention: string, ofFeedForward: string];

/** x + a(norm(x)), then x + f(norm(x)); what is added may be multiplied by a number (Granite). */
export function preNorm(
  names: Pair = ['input_layernorm', 'post_attention_layernorm'],
  multiplier = 1,
): Residual {
  return (layer, x, { norm, attention, feedForward }) => {
    const { graph } = layer;
    const attended = graph.add(x, graph.scale(attention(norm(layer, names[0], x)), multiplier));
    return graph.add(attended, graph.scale(feedForward(norm(layer, names[1], attended)), multiplier));
  };
}

/** x + norm(a(x)), then x + norm(f(x)) (OLMo 2). */
export function outputNorm(
  names: Pair = ['post_attention_layernorm', 'post_feedforward_layernorm'],
): Residual {
  return (layer, x, { norm, attention, feedForward }) => {
    const { graph } = layer;
    layer.beforeStream(linearPart(layer, norm, names[0]));
    const attended = graph.add(x, norm(layer, names[0], attention(x)));
    return graph.add(attended, norm(layer, names[1], feedForward(attended)));
  };
}

/** norm(x + a(x)), then norm(x + f(x)) (Vaswani et al. 2017). */
export function postNorm(names: Pair): Residual {
  return (layer, x, { norm, attention, feedForward }) => {
    const { graph } = layer;
    layer.beforeStream(undefined);
    const attended = norm(layer, names[0], graph.add(x, attention(x)));
    return norm(layer, names[1], graph.add(attended, feedForward(attended)));
  };
}

const SANDWICH = [
  'input_layernorm',
  'post_attention_layernorm',
  'pre_feedforward_layernorm',
  'post_feedforward_layernorm',
] as const;

/** x + norm(a(norm(x))), then x + norm(f(norm(x))) (Gemma 2). */
export function sandwichNorm(names: readonly [string, string, string, string] = SANDWICH): Residual {
  return (layer, x, { norm, attention, feedForward }) => {
    const { graph } = layer;
    layer.beforeStream(linearPart(layer, norm, names[1]));
    const attended = graph.add(x, norm(layer, names[1], attention(norm(layer, names[0], x))));
    return graph.add(attended, norm(layer, names[3], feedForward(norm(layer, names[2], attended))));
  };
}

/** x + a(n) + f(n) with one n = norm(x) (GPT-J). */
export function parallel(name = 'input_layernorm'): Residual {
  return (layer, x, { norm, attention, feedForward }) => {
    const { graph } = layer;
    const normed = norm(layer, name, x);
    return graph.add(graph.add(x, attention(normed)), feedForward(normed));
  };
}

/** For `beforeStream` of a layer that norms what its attention writes. */
export function linearPart(layer: Scope, { linear }: Norm, name: string): LinearStep | undefined {
  return linear && ((written) => linear(layer, name, written));
}
