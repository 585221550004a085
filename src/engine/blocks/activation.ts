import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

type Activate = (graph: GraphBuilder, x: Value) => Value;

const exactGelu: Activate = (graph, x) => graph.op('Gelu', [x]);
const tanhGelu: Activate = (graph, x) => graph.op('Gelu', [x], { approximate: { string: 'tanh' } });
const silu: Activate = (graph, x) => graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
const relu: Activate = (graph, x) => graph.op('Relu', [x]);

/** Activation functions by the names that transformers gives them (transformers/activations.py, ACT2FN). */
const ACTIVATIONS = {
  gelu: exactGelu,
  gelu_python: exactGelu,
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  silu,
  swish: silu,
  relu,
  relu2: (graph, x) => {
    const positive = relu(graph, x);
    return graph.op('Mul', [positive, positive]);
  },
  quick_gelu: (graph, x) => graph.op('Mul', [x, graph.op('Sigmoid', [graph.op('Mul', [x, graph.floats([1.702])])])]),
  tanh: (graph, x) => graph.op('Tanh', [x]),
  sigmoid: (graph, x) => graph.op('Sigmoid', [x]),
} as const satisfies Record<string, Activate>;

export type ActivationName = keyof typeof ACTIVATIONS;
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];

/** Applies an activation function cell by cell. */
export function activate(graph: GraphBuilder, name: ActivationName, x: Value): Value {
  return ACTIVATIONS[name](graph, x);
}
