import type { ConfigReader } from '../config-reader.ts';

/** Which layers have experts, and their sizes, under the names that Qwen made usual. */
interface SparseLayers {
  readonly experts: number;
  /** Experts a token. */
  readonly k: number;
  /** Width of an expert's hidden layer. */
  readonly inner: number;
  /** Whether the gates of a token's experts sum to 1. */
  readonly normalized: boolean;
  has(layer: number): boolean;
}

/** @param defaults of the family's config class */
export function readSparseLayers(
  config: ConfigReader,
  defaults: {
    readonly experts: number;
    readonly k: number;
    readonly inner: number;
    readonly normalized?: boolean;
    /** The least number of experts: 0 where a config may have none; 1 if left out. */
    readonly least?: number;
  },
): SparseLayers {
  const step = config.integer('decoder_sparse_step', 1);
  const dense = config.numbers('mlp_only_layers') ?? [];
  const experts = config.integer('num_experts', defaults.experts, defaults.least);
  return {
    experts,
    k: config.integer('num_experts_per_tok', defaults.k),
    inner: config.integer('moe_intermediate_size', defaults.inner),
    normalized: config.boolean('norm_topk_prob', defaults.normalized ?? false),
    has: (layer) => experts > 0 && !dense.includes(layer) && (layer + 1) % step === 0,
  };
}
