import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { linear, selectRows } from './linear.ts';
import { rmsNorm } from './normalization.ts';

interface LayerInputSizes {
  readonly layers: number;
  readonly perLayer: number;
  readonly tableRows: number;
  readonly width: number;
  readonly epsilon: number;
}

/** What each layer gets of the tokens beside the stream, `[tokens, perLayer]` a layer. */
export function layerInputs(
  scope: Scope,
  embedded: Value,
  { layers, perLayer, tableRows, width, epsilon }: LayerInputSizes,
): Value[] {
  const { graph, sequence } = scope;
  const outputs = layers * perLayer;
  const ids = graph.reshape(sequence.ids, [-1]);
  const isKnown = graph.op('Less', [ids, graph.integers([tableRows])]);
  const rows = selectRows(
    scope,
    'embed_tokens_per_layer',
    graph.op('Where', [isKnown, ids, graph.integers([0])]),
    [tableRows, outputs],
  );
  const table = graph.reshape(graph.scale(rows, Math.sqrt(perLayer)), [-1, layers, perLayer]);
  const projected = linear(scope, 'per_layer_model_projection', embedded, { inputs: width, outputs });
  const apart = graph.reshape(graph.scale(projected, width ** -0.5), [-1, layers, perLayer]);
  const normed = rmsNorm({ size: perLayer, epsilon })(scope, 'per_layer_projection_norm', apart);
  const summed = graph.scale(graph.add(normed, table), Math.SQRT1_2);
  const parts = graph.split(
    summed,
    Array.from({ length: layers }, () => 1),
    1,
  );
  return parts.map((part) => graph.reshape(part, [-1, perLayer]));
}
