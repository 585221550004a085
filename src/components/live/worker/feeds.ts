import type { Tensor } from 'onnxruntime-web/wasm';
import { editFeeds, type HeadEdit } from '../../../engine/extras.ts';
import type { BuiltGraph } from '../../../engine/build-graph.ts';
import { GRAPH_NAMES } from '../../../engine/graph-names.ts';
import type { Runtime } from './start-runtime.ts';

/** What a graph is fed so that it reads a text of these tokens, with heads edited. */
export function feedsOf(
  runtime: Runtime,
  { editPoints }: BuiltGraph,
  ids: readonly number[],
  edits: readonly HeadEdit[] = [],
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {
    [GRAPH_NAMES.ids]: new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
  };
  for (const { name, shape, values } of editFeeds(editPoints, edits))
    feeds[name] = new runtime.Tensor('float32', values, shape);
  return feeds;
}
