import type { GraphBuilder, Value } from './graph/graph-builder.ts';
import { sequenceOf, type Sequence } from './sequence.ts';

/** What a model reads that reads no token ids. */
export type SignalInput =
  /** Pictures of one size, float32 `[1, channels, height, width]`; `tokens` are made of each. */
  | {
      readonly kind: 'pixels';
      readonly channels: number;
      readonly height: number;
      readonly width: number;
      readonly tokens: number;
    }
  /** Sound of any length, float32 `[1, samples]`, which convolutions without padding turn into tokens. */
  | { readonly kind: 'samples'; readonly convolutions: readonly Convolution[] };

export interface Convolution {
  readonly kernel: number;
  readonly stride: number;
}

/** Names of the inputs, as transformers has them: of the graph, and of the arrays of a file. */
export const SIGNAL_NAMES = { pixels: 'pixel_values', samples: 'input_values' } as const;

/** The input of a graph, and the tokens that are made of it. */
export interface Signal {
  /** Pixels `[batch, channels, height, width]` or samples `[batch, samples]`. */
  readonly value: Value;
  readonly sequence: Sequence;
}

export function signalOf(graph: GraphBuilder, input: SignalInput): Signal {
  const shape = input.kind === 'pixels' ? [input.channels, input.height, input.width] : ['samples'];
  const value = graph.input({ name: SIGNAL_NAMES[input.kind], type: 'FLOAT', shape: ['batch', ...shape] });
  const size = graph.op('Shape', [value]);
  const batch = graph.slice(size, 0, 0, 1);
  const tokens =
    input.kind === 'pixels'
      ? graph.integers([input.tokens])
      : input.convolutions.reduce(
          (length, convolution) => {
            return countOf(graph, length, convolution);
          },
          graph.slice(size, 0, 1, 2),
        );
  return { value, sequence: sequenceOf(graph, graph.concat([batch, tokens], 0)) };
}

/** (length - kernel) / stride + 1 */
function countOf(graph: GraphBuilder, length: Value, { kernel, stride }: Convolution): Value {
  const steps = graph.op('Div', [
    graph.op('Sub', [length, graph.integers([kernel])]),
    graph.integers([stride]),
  ]);
  return graph.op('Add', [steps, graph.integers([1])]);
}

/** How many tokens a model makes of an array that `fitsSignal`. */
export function signalTokens(input: SignalInput, shape: readonly number[]): number {
  if (input.kind === 'pixels') return input.tokens;
  return input.convolutions.reduce(
    (length, { kernel, stride }) => Math.floor((length - kernel) / stride) + 1,
    shape[1] ?? 0,
  );
}

/** The least number of samples that make a token. */
export function leastSamples(convolutions: readonly Convolution[]): number {
  return convolutions.reduceRight((length, { kernel, stride }) => (length - 1) * stride + kernel, 1);
}

/** `pictures of 3 x 32 x 32 pixels`, for messages. */
export function describeSignal(input: SignalInput): string {
  if (input.kind === 'pixels')
    return `pictures of ${input.channels} x ${input.height} x ${input.width} pixels`;
  return `sound of at least ${leastSamples(input.convolutions)} samples`;
}

/** The array that a file must hold, for messages: `pixel_values of shape [1, 3, 32, 32]`. */
export function describeArray(input: SignalInput): string {
  const shape = input.kind === 'pixels' ? `${input.channels}, ${input.height}, ${input.width}` : 'samples';
  return `${SIGNAL_NAMES[input.kind]} of shape [1, ${shape}]`;
}

/** Whether an array is what the model reads. */
export function fitsSignal(input: SignalInput, shape: readonly number[]): boolean {
  const [count, ...sides] = shape;
  if (count !== 1) return false;
  if (input.kind === 'samples')
    return sides.length === 1 && (sides[0] ?? 0) >= leastSamples(input.convolutions);
  const wanted = [input.channels, input.height, input.width];
  return sides.length === wanted.length && wanted.every((side, axis) => side === sides[axis]);
}
