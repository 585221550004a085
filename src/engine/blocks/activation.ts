import { atlasError } from '../../schema/errors/index.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

/** A function of each cell. */
export type Activation = (graph: GraphBuilder, x: Value) => Value;

export const exactGelu: Activation = (graph, x) => graph.op('Gelu', [x]);
export const tanhGelu: Activation = (graph, x) => graph.op('Gelu', [x], { approximate: { string: 'tanh' } });
const silu: Activation = (graph, x) => graph.multiply(x, graph.sigmoid(x));
const relu: Activation = (graph, x) => graph.op('Relu', [x]);

/** Activation functions by the names that transformers gives them (transformers/activations.py, ACT2FN). */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: exactGelu,
  gelu_python: exactGelu,
  gelu_10: (graph, x) => graph.op('Clip', [exactGelu(graph, x), graph.floats([-10]), graph.floats([10])]),
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_accurate: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  silu,
  swish: silu,
  relu,
  relu2: (graph, x) => graph.multiply(relu(graph, x), relu(graph, x)),
  relu6: (graph, x) => graph.op('Clip', [x, graph.floats([0]), graph.floats([6])]),
  leaky_relu: (graph, x) => graph.op('LeakyRelu', [x], { alpha: { float: 0.01 } }),
  mish: (graph, x) => graph.op('Mish', [x]),
  quick_gelu: (graph, x) => graph.multiply(x, graph.sigmoid(graph.scale(x, 1.702))),
  tanh: (graph, x) => graph.op('Tanh', [x]),
  sigmoid: (graph, x) => graph.sigmoid(x),
  linear: (_, x) => x,
};

/**
 * The activation function that a config names.
 *
 * @throws AtlasError `config-value-invalid`
 */
export function readActivation(config: ConfigReader, key: string, fallback: string): Activation {
  return activationNamed(config.text(key, fallback), key);
}

/** @param key in messages */
export function activationNamed(name: string, key: string): Activation {
  const found = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (found !== undefined) return found;
  const expected = `one of ${Object.keys(ACTIVATIONS).join(', ')}`;
  throw atlasError('config-value-invalid', { key, value: name, expected });
}
