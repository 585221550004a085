import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './normalization.ts';

// AltUp (Baykal et al. 2023) as Gemma 3n has it: several streams, [tokens, streams, width], of which each layer computes
// one and predicts the others.

interface AltUp {
  readonly width: number;
  readonly streams: number;
  /** The stream that is computed. */
  readonly active: number;
  readonly epsilon: number;
}

/** The streams that layers start from: the embeddings, and projections of them as large as they are. */
export function altUpSpread(scope: Scope, x: Value, altUp: AltUp): Value {
  const { graph } = scope;
  const others = Array.from({ length: altUp.streams - 1 }, (_, index) => {
    const sizes = { inputs: altUp.width, outputs: altUp.width };
    return asLargeAs(graph, linear(scope, `altup_projections.${index}`, x, sizes), x);
  });
  return graph.concat(
    [x, ...others].map((stream) => graph.reshape(stream, [-1, 1, altUp.width])),
    1,
  );
}

/** The mean of the streams, each projected back and as large as the first: `[tokens, width]`. */
export function altUpUnite(scope: Scope, stacked: Value, { width, streams }: AltUp): Value {
  const { graph } = scope;
  const [first, ...others] = split(graph, stacked, streams, width);
  if (first === undefined) throw new RangeError('There are at least two streams');
  const projected = others.map((stream, index) => {
    const back = linear(scope, `altup_unembed_projections.${index}`, stream, {
      inputs: width,
      outputs: width,
    });
    return asLargeAs(graph, back, first);
  });
  return graph.scale(
    projected.reduce((sum, stream) => graph.add(sum, stream), first),
    1 / streams,
  );
}

interface Predicted {
  readonly stacked: Value;
  /** `[tokens, width]` */
  readonly active: Value;
}

/** What every stream becomes by a mix that the active stream chooses. */
export function altUpPredict(scope: Scope, stacked: Value, altUp: AltUp): Predicted {
  const { graph } = scope;
  const { width, streams, active } = altUp;
  const modalities = route(scope, pick(graph, stacked, active, width), altUp);
  const sizes = { inputs: streams, outputs: streams * streams };
  const mix = graph.reshape(linear(scope, 'prediction_coefs', modalities, sizes), [-1, streams, streams]);
  const predicted = graph.add(graph.matmul(mix, stacked), stacked);
  return { stacked: predicted, active: pick(graph, predicted, active, width) };
}

/** The streams, each moved by what the active stream turned out to be. */
export function altUpCorrect(scope: Scope, predicted: Predicted, activated: Value, altUp: AltUp) {
  const { graph } = scope;
  const { width, streams, active } = altUp;
  const modalities = route(scope, activated, altUp);
  const weights = graph.shift(
    linear(scope, 'correction_coefs', modalities, { inputs: streams, outputs: streams }),
    1,
  );
  const innovation = graph.reshape(graph.subtract(activated, predicted.active), [-1, 1, width]);
  const moved = graph.multiply(graph.reshape(weights, [-1, streams, 1]), innovation);
  const corrected = graph.add(predicted.stacked, moved);
  return {
    active: pick(graph, corrected, active, width),
    /** All streams but the first with `x`, `[tokens, width]`, added. */
    plus(x: Value): Value {
      const [first, rest] = graph.split(corrected, [1, streams - 1], 1);
      return graph.concat([first, graph.add(rest, graph.reshape(x, [-1, 1, width]))], 1);
    },
  };
}

function route(scope: Scope, x: Value, { width, streams, epsilon }: AltUp): Value {
  const { graph } = scope;
  const normed = graph.scale(rmsNorm({ size: width, epsilon })(scope, 'router_norm', x), 1 / width);
  return graph.op('Tanh', [linear(scope, 'modality_router', normed, { inputs: width, outputs: streams })]);
}

function pick(graph: GraphBuilder, stacked: Value, index: number, width: number): Value {
  return graph.reshape(graph.slice(stacked, 1, index, index + 1), [-1, width]);
}

function split(graph: GraphBuilder, stacked: Value, streams: number, width: number): Value[] {
  return Array.from({ length: streams }, (_, index) => pick(graph, stacked, index, width));
}

/** x times the ratio of the root mean squares, of which that of x is at least sqrt(1e-5). */
function asLargeAs(graph: GraphBuilder, x: Value, target: Value): Value {
  const size = (y: Value) => graph.mean(graph.multiply(y, y));
  const own = graph.op('Sqrt', [graph.op('Max', [size(x), graph.floats([1e-5])])]);
  return graph.divide(graph.multiply(x, graph.op('Sqrt', [size(target)])), own);
}
