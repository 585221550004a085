import { atlasError } from '../../schema/errors/index.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import { splitHeads } from './heads.ts';
import type { LatentSizes } from './latent-attention.ts';
import { linear } from './linear.ts';
import { layerNorm } from './normalization.ts';
import { rotate, type RotaryTables } from './rotary.ts';

/** The lowest float32. */
const LOWEST = -3.4028234663852886e38;

/** A small attention that chooses which keys the large one sees (DeepSeek-AI 2025, DeepSeek-V3.2). */
interface Indexer {
  readonly width: number;
  readonly queryRank: number;
  readonly heads: number;
  readonly size: number;
  readonly turned: number;
  /** Keys that a query may see. */
  readonly most: number;
  /** Whether a layer sees what the one before it chose. */
  isShared(layer: number): boolean;
}

export function readIndexer(
  config: ConfigReader,
  layers: number,
  { width, queryRank, turned }: LatentSizes,
): Indexer {
  const every = Math.max(config.integer('index_topk_freq', 1, 0), 1);
  const offset = config.integer('index_skip_topk_offset', 2, 0);
  const types = config.strings('indexer_types') ?? patternOf(config) ?? [];
  const kinds = config.strings('layer_types') ?? [];
  if (
    types.some((type) => type !== 'full' && type !== 'shared') ||
    kinds.some((kind) => kind !== 'indexed_attention')
  ) {
    const expected = 'full or shared, of layers that are all indexed_attention';
    throw atlasError('config-value-invalid', { key: 'indexer_types', value: types, expected });
  }
  return {
    width,
    queryRank: queryRank ?? width,
    turned,
    heads: config.integer('index_n_heads', 32),
    size: config.integer('index_head_dim', 128),
    most: config.integer('index_topk', 2048),
    isShared: (layer) =>
      types.length === layers ? types[layer] === 'shared' : Math.max(layer - offset + 1, 0) % every !== 0,
  };
}

/** `FSSF`: full or shared by layer. */
function patternOf(config: ConfigReader): string[] | undefined {
  if (!config.has('index_topk_pattern')) return undefined;
  return [...config.text('index_topk_pattern')].map((letter) => (letter === 'F' ? 'full' : 'shared'));
}

/** What is added to scores, `[batch, 1, n, n]`: 0 for the keys that are chosen, the lowest number elsewhere. */
export function indexedKeys(
  scope: LayerScope,
  x: Value,
  compressedQuery: Value,
  turns: RotaryTables,
  { width, queryRank, heads, size, most }: Indexer,
): Value {
  const { graph, sequence } = scope;
  const queries = linear(scope, 'wq_b', compressedQuery, { inputs: queryRank, outputs: heads * size });
  const query = rotate(graph, splitHeads(scope, queries, heads, size), size, turns); // [batch, heads, n, size]
  const keys = linear(scope, 'wk', x, { inputs: width, outputs: size });
  const normed = layerNorm({ size, epsilon: 1e-6 })(scope, 'k_norm', keys);
  const key = rotate(graph, splitHeads(scope, normed, 1, size), size, turns); // [batch, 1, n, size]
  const products = graph.matmul(query, graph.transpose(key, [0, 1, 3, 2]));
  const scores = graph.op('Relu', [graph.scale(products, size ** -0.5)]); // [batch, heads, n, n]
  const weights = linear(scope, 'weights_proj', x, { inputs: width, outputs: heads });
  const byHead = graph.scale(splitHeads(scope, weights, heads, 1), heads ** -0.5); // [batch, heads, n, 1]
  const summed = graph.op('ReduceSum', [graph.multiply(scores, byHead), graph.integers([1])], {
    keepdims: { int: 1 },
  });
  const mask = sequence.mask({ kind: 'full' });
  const seen = mask === undefined ? summed : graph.add(summed, mask); // [batch, 1, n, n]
  const count = graph.op('Min', [sequence.length, graph.integers([most])]);
  const [values, chosen] = graph.ops('TopK', [seen, count], 2, { axis: { int: -1 } }) as [Value, Value];
  const closed = graph.op('Expand', [graph.floats([LOWEST]), graph.op('Shape', [seen])]);
  return graph.op('ScatterElements', [closed, chosen, graph.scale(values, 0)], { axis: { int: -1 } });
}
