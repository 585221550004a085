import { readActivation } from '../blocks/activation.ts';
import { gatedNorm } from '../blocks/gated-norm.ts';
import type { Mamba2 } from '../blocks/mamba2.ts';
import { divideEvenly, type ConfigReader } from '../config-reader.ts';

/** What is said of a layer with a Mamba-2 mixer in place of attention. */
export const MAMBA2_LAYER = { kind: 'none', reason: 'a Mamba-2 state' } as const;

/** A Mamba-2 mixer under the names that Bamba made usual, its norm gated with x silu(gate) first. */
export function readMamba2(config: ConfigReader, width: number, epsilon: number, inner?: number): Mamba2 {
  const heads = config.integer('mamba_n_heads', 128);
  const expanded = Math.trunc(config.number('mamba_expand', 2) * width);
  const size = divideEvenly('mamba_expand * hidden_size', inner ?? expanded, heads);
  config.only('mamba_d_head', 'auto', size);
  const groups = config.integer('mamba_n_groups', 1);
  divideEvenly('mamba_n_heads', heads, groups);
  config.ignore('mamba_chunk_size');
  return {
    width,
    heads,
    size,
    groups,
    state: config.integer('mamba_d_state', 256),
    kernel: config.integer('mamba_d_conv', 4),
    convolutionBias: config.boolean('mamba_conv_bias', true),
    projectionBias: config.boolean('mamba_proj_bias', false),
    activation: readActivation(config, 'hidden_act', 'silu'),
    limit: config.interval('time_step_limit') ?? [0, Infinity],
    gate: gatedNorm({ size: heads * size, groups, epsilon }),
  };
}
