import type { Stack } from '../schema/stacks.ts';
import type { GraphFacts } from './build-graph.ts';
import type { ExtraName, HeadExtra } from './extras.ts';
import { GRAPH_NAMES } from './graph-names.ts';

/** Float32 by layer: of patterns `[heads, queries, keys]`. */
type LayerValues = ReadonlyMap<number, Float32Array>;

/** What a model computes on one prompt of n tokens. */
export interface PatternRun {
  /** Of the model's first stack, `[heads, n, n]` a layer; empty where patterns were put away as they came, as in `stacks`. */
  readonly patterns: LayerValues;
  readonly stacks: ReadonlyMap<Stack, LayerValues>;
  /** Float32 `[n, vocabulary]`; of an encoder-decoder, the decoder's. */
  readonly logits?: Float32Array;
  readonly extras: RunExtras;
}

/** What was asked for beside patterns and logits; what was not asked for, or is not to be had, is absent. */
interface RunExtras {
  /** By extra, stack and layer, with the shapes of extras.ts. */
  readonly heads: ReadonlyMap<HeadExtra, ReadonlyMap<Stack, LayerValues>>;
  /** Float32 `[n - 1]`, nats. */
  readonly loss?: Float32Array;
  readonly topTokens?: TopTokens;
  /** What was asked for and the model, or one of its layers, has none of. */
  readonly unavailable: ReadonlySet<ExtraName>;
}

/** The likeliest next tokens after each token, the likeliest first: both `[n, count]`. */
interface TopTokens {
  readonly count: number;
  readonly ids: Int32Array;
  readonly probabilities: Float32Array;
}

/** What onnxruntime, on Node or in a page, gives for the outputs of a graph. */
export type GraphResults = Readonly<
  Record<string, { readonly data: unknown; readonly dims: readonly number[] }>
>;

/** Names the results of a graph that ran on one prompt. */
export function collectRun(graph: GraphFacts, results: GraphResults): PatternRun {
  const floats = (name: string) => results[name]?.data as Float32Array;
  const stacks = new Map(
    [...graph.stacks].map(([stack, layers]) => [
      stack,
      new Map(
        layers.flatMap((layer) => {
          const name = GRAPH_NAMES.pattern(stack, layer);
          return name in results ? [[layer, floats(name)] as const] : [];
        }),
      ),
    ]),
  );
  return {
    patterns: [...stacks.values()][0] ?? new Map<number, Float32Array>(),
    stacks,
    ...(graph.hasLogits ? { logits: floats(GRAPH_NAMES.logits) } : {}),
    extras: {
      heads: headValues(graph, results, floats),
      ...(GRAPH_NAMES.loss in results ? { loss: floats(GRAPH_NAMES.loss) } : {}),
      ...topTokensOf(results),
      unavailable: graph.unavailable,
    },
  };
}

function headValues(
  { headExtras }: GraphFacts,
  results: GraphResults,
  floats: (name: string) => Float32Array,
): Map<HeadExtra, Map<Stack, Map<number, Float32Array>>> {
  const found = new Map<HeadExtra, Map<Stack, Map<number, Float32Array>>>();
  for (const { name, stack, layer, output } of headExtras) {
    if (!(output in results)) continue; // given away as it came
    const byStack = found.get(name) ?? new Map<Stack, Map<number, Float32Array>>();
    const byLayer = byStack.get(stack) ?? new Map<number, Float32Array>();
    found.set(name, byStack.set(stack, byLayer.set(layer, floats(output))));
  }
  return found;
}

function topTokensOf(results: GraphResults): { topTokens?: TopTokens } {
  const ids = results[GRAPH_NAMES.topIds];
  if (ids === undefined) return {};
  const probabilities = results[GRAPH_NAMES.topProbabilities]?.data as Float32Array;
  return {
    topTokens: {
      count: ids.dims.at(-1) ?? 0,
      ids: Int32Array.from(ids.data as BigInt64Array, Number),
      probabilities,
    },
  };
}
