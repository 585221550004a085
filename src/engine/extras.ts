import type { Stack } from '../schema/stacks.ts';

/**
 * What a graph gives of each head beside its pattern, float32, by layer:
 *
 * - `value-norms` `[heads, keys]`: ‖v_j W_O‖, the length of what a query that attends to key j alone is given, the
 *   values with their bias and W_O without its own (Kobayashi et al. 2020, "Attention is not only a weight"). Times the
 *   pattern, it weights attention by what it moves. Unavailable where something that is not linear, or that depends on
 *   the query, stands between a head and W_O (BitNet's norm, gates).
 * - `scores` `[heads, queries, keys]`: what the softmax is taken of: scaled, capped, with bias; -Infinity where the query
 *   does not see the key. A sink is not among the keys.
 * - `head-means` `[heads, size]`: the mean over the prompt's tokens of what a head reads, Σ_j a_ij v_j. The mean over
 *   prompts weights them by their tokens.
 * - `logit-effects` `[heads, keys, keys]`: at j, k how far what a query is given that attends to key j alone raises the
 *   logit of token k, on the direct path: v_j W_O, without bias, centred and weighted as the norms before the head do,
 *   times what token k's row of the unembedding has beyond the mean over the vocabulary. A norm's scale is left out: it
 *   depends on the query, and multiplies all logits alike; so are factors and caps of the logits. Unavailable where value
 *   norms are, where what a head wrote is normalised together with the stream (post-norm), and without a causal head.
 */
export const HEAD_EXTRAS = ['value-norms', 'scores', 'head-means', 'logit-effects'] as const;
export type HeadExtra = (typeof HEAD_EXTRAS)[number];

/**
 * What a graph gives of each token, of decoders:
 *
 * - `loss`: float32 `[n - 1]`, the cross-entropy in nats of token i + 1 after tokens 0..i
 * - `top-tokens`: the likeliest next tokens after each, most likely first: ids int64 and probabilities float32, `[n, k]`
 */
export const TOKEN_EXTRAS = ['loss', 'top-tokens'] as const;

/** Things that are computed beside the patterns where they are asked for. */
export type ExtraName = HeadExtra | (typeof TOKEN_EXTRAS)[number];
export const EXTRA_NAMES: readonly ExtraName[] = [...HEAD_EXTRAS, ...TOKEN_EXTRAS];

/** An extra of the heads of one layer, and the graph's output that holds it. */
export interface GivenHeadExtra {
  readonly name: HeadExtra;
  readonly stack: Stack;
  readonly layer: number;
  readonly output: string;
}

/**
 * Where the heads of one layer can be edited: with its mask m, float32 `[heads]`, and its replacement r, float32
 * `[heads, size]`, what a head reads, z, becomes m z + (1 - m) r before it goes on to W_O.
 */
export interface EditPoint {
  readonly stack: Stack;
  readonly layer: number;
  readonly heads: number;
  readonly size: number;
  /** Names of the graph's inputs. */
  readonly mask: string;
  readonly replacement: string;
}

/** A change to the heads of one layer: 1 leaves a head as it is, 0 puts the replacement in its place. */
export interface HeadEdit {
  /** The only one if left out. */
  readonly stack?: Stack;
  readonly layer: number;
  /** `[heads]` */
  readonly mask: Float32Array;
  /** `[heads, size]`: a head's mean for mean ablation; zeros (zero ablation) if left out. */
  readonly replacement?: Float32Array;
}

interface EditFeed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * What the edit points of a graph are fed: layers without an edit are left as they are.
 *
 * @throws RangeError of an edit that fits no point
 */
export function editFeeds(points: readonly EditPoint[], edits: readonly HeadEdit[] = []): EditFeed[] {
  const fits = (edit: HeadEdit, { stack, layer }: EditPoint) =>
    edit.layer === layer && (edit.stack ?? points[0]?.stack) === stack;
  for (const edit of edits) {
    const { heads = 0, size = 0 } = points.find((point) => fits(edit, point)) ?? {};
    const length = edit.replacement?.length ?? heads * size;
    if (heads === 0 || edit.mask.length !== heads || length !== heads * size) {
      throw new RangeError(`No heads of layer ${edit.layer} fit the edit`);
    }
  }
  return points.flatMap((point) => {
    const { heads, size, mask, replacement } = point;
    const edit = edits.findLast((each) => fits(each, point));
    return [
      { name: mask, shape: [heads], values: edit?.mask ?? new Float32Array(heads).fill(1) },
      {
        name: replacement,
        shape: [heads, size],
        values: edit?.replacement ?? new Float32Array(heads * size),
      },
    ];
  });
}
