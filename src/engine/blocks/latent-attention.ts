import type { ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import { attend } from './attention.ts';
import { outputMatrix } from './head-extras.ts';
import { splitHeads } from './heads.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './normalization.ts';
import { yarnScale } from './rotary-frequencies.ts';
import { rotate, type RotaryTables } from './rotary.ts';

/** Sizes of multi-head latent attention (DeepSeek-AI 2024, DeepSeek-V2). */
export interface LatentSizes {
  readonly width: number;
  readonly heads: number;
  /** Width of the compressed queries; null where they are not compressed. */
  readonly queryRank: number | null;
  /** Width of the compressed keys and values. */
  readonly keyRank: number;
  /** Coordinates of a head without position. */
  readonly plain: number;
  /** Coordinates of a head that are turned, the same key ones for all heads. */
  readonly turned: number;
  readonly valueSize: number;
  readonly bias: boolean;
  readonly scale: number;
}

/** @param defaults of the family's config class */
export function readLatentSizes(
  config: ConfigReader,
  { width, heads }: { readonly width: number; readonly heads: number },
  defaults: Pick<LatentSizes, 'queryRank' | 'keyRank' | 'plain' | 'turned' | 'valueSize'>,
): LatentSizes {
  const plain = config.integer('qk_nope_head_dim', defaults.plain);
  const turned = config.integer('qk_rope_head_dim', defaults.turned);
  return {
    width,
    heads,
    queryRank: config.nullableInteger('q_lora_rank', defaults.queryRank),
    keyRank: config.integer('kv_lora_rank', defaults.keyRank),
    plain,
    turned,
    valueSize: config.integer('v_head_dim', defaults.valueSize),
    bias: config.boolean('attention_bias', false),
    scale: (plain + turned) ** -0.5 * yarnCorrection(config),
  };
}

/** What YaRN multiplies the scores by where `mscale_all_dim` is set. */
function yarnCorrection(config: ConfigReader): number {
  const group = config.group('rope_scaling') ?? config.group('rope_parameters');
  const weight = group?.optionalNumber('mscale_all_dim') ?? 0;
  const isScaled = group?.has('factor') ?? false;
  return weight === 0 || group === undefined || !isScaled
    ? 1
    : yarnScale(group.number('factor'), weight) ** 2;
}

/**
 * Attention with compressed keys, values and, mostly, queries: `[tokens, width]` to `[tokens, width]`.
 *
 * @param selectKeys gives what is added to scores so that only some keys are seen, from the compressed queries
 */
export function latentAttention(
  scope: LayerScope,
  x: Value,
  sizes: LatentSizes,
  turns: RotaryTables,
  selectKeys?: (compressedQuery: Value) => Value,
): Value {
  const { width, heads, keyRank, plain, turned, valueSize, bias, scale } = sizes;
  const { graph } = scope;
  const made = queries(scope, x, sizes);
  const byHead = splitHeads(scope, made.all, heads, plain + turned);
  const [queryPlain, queryTurned] = graph.split(byHead, [plain, turned]);
  const joint = linear(scope, 'kv_a_proj_with_mqa', x, { inputs: width, outputs: keyRank + turned, bias });
  const [compressed, keyTurned] = graph.split(joint, [keyRank, turned]);
  const normed = rmsNorm({ size: keyRank, epsilon: 1e-6 })(scope, 'kv_a_layernorm', compressed);
  const outputs = heads * (plain + valueSize);
  const expanded = splitHeads(
    scope,
    linear(scope, 'kv_b_proj', normed, { inputs: keyRank, outputs }),
    heads,
    plain + valueSize,
  );
  const [keyPlain, value] = graph.split(expanded, [plain, valueSize]);
  const oneKey = rotate(graph, splitHeads(scope, keyTurned, 1, turned), turned, turns); // [batch, 1, n, turned]
  const everyKey = graph.op('Expand', [oneKey, graph.integers([1, heads, 1, 1])]);
  const read = attend(scope, {
    query: graph.concat([queryPlain, rotate(graph, queryTurned, turned, turns)], -1),
    key: graph.concat([keyPlain, everyKey], -1),
    value,
    heads,
    valueSize,
    scale,
    bias: selectKeys?.(made.compressed),
    output: outputMatrix(scope, 'o_proj', { heads, size: valueSize, width }),
  });
  return linear(scope, 'o_proj', read, { inputs: heads * valueSize, outputs: width, bias });
}

function queries(scope: LayerScope, x: Value, sizes: LatentSizes): { all: Value; compressed: Value } {
  const { width, heads, queryRank, plain, turned, bias } = sizes;
  const outputs = heads * (plain + turned);
  if (queryRank === null)
    return { all: linear(scope, 'q_proj', x, { inputs: width, outputs }), compressed: x };
  const reduced = linear(scope, 'q_a_proj', x, { inputs: width, outputs: queryRank, bias });
  const compressed = rmsNorm({ size: queryRank, epsilon: 1e-6 })(scope, 'q_a_layernorm', reduced);
  return { all: linear(scope, 'q_b_proj', compressed, { inputs: queryRank, outputs }), compressed };
}
