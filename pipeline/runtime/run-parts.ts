import type { Tensor } from 'onnxruntime-node';
import type { BuiltParts } from '../../src/engine/build-graph.ts';
import { GRAPH_NAMES } from '../../src/engine/graph-names.ts';
import { collectRun, type PatternRun } from '../../src/engine/pattern-run.ts';
import type { Stack } from '../../src/schema/stacks.ts';

/** By name of the graph's input or output. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** @param values `[heads, queries, keys]`; its memory is given back when the promise resolves */
export type TakePattern = (stack: Stack, layer: number, values: Float32Array) => Promise<void>;

/** What is given away as it comes, in place of being a part of the result. */
export interface Takers {
  readonly take?: TakePattern | undefined;
  /** Of runs that are asked for scores. */
  readonly takeScores?: TakePattern | undefined;
}

const SCORES = (stack: Stack, layer: number) => GRAPH_NAMES.headExtra('scores', stack, layer);

/**
 * Runs the parts of a graph in their order, each fed what it takes of `feeds` and of what the ones before it gave on, which
 * is kept no longer than it is needed.
 *
 * @param take is given each pattern as it comes, and `takeScores` the scores, which the result then lacks
 * @param run runs the part of that index
 */
export async function runParts(
  graph: BuiltParts,
  feeds: Tensors,
  { take, takeScores }: Takers,
  run: (part: number, feeds: Tensors) => Promise<Tensors>,
): Promise<PatternRun> {
  const { parts } = graph;
  const known = new Map(Object.entries(feeds));
  const results = new Map<string, Tensor>();
  for (const [at, { inputs, given }] of parts.entries()) {
    const gave = await run(at, Object.fromEntries([...known].filter(([name]) => inputs.has(name))));
    for (const [name, tensor] of Object.entries(gave)) {
      (given.includes(name) ? known : results).set(name, tensor);
    }
    const later = parts.slice(at + 1);
    for (const name of known.keys()) if (!later.some((part) => part.inputs.has(name))) known.delete(name);
    await handOver(graph, results, take, GRAPH_NAMES.pattern);
    await handOver(graph, results, takeScores, SCORES);
  }
  return collectRun(graph, Object.fromEntries(results));
}

async function handOver(
  { stacks }: BuiltParts,
  results: Map<string, Tensor>,
  take: TakePattern | undefined,
  nameOf: (stack: Stack, layer: number) => string,
): Promise<void> {
  if (take === undefined) return;
  for (const [stack, layers] of stacks) {
    for (const layer of layers) {
      const name = nameOf(stack, layer);
      const values = results.get(name)?.data as Float32Array<ArrayBuffer> | undefined;
      if (values === undefined) continue;
      results.delete(name);
      await take(stack, layer, values);
      values.buffer.transfer(0);
    }
  }
}
