import type { ConfigReader } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

/** How fast each pair of coordinates turns with the position: `[size / 2]`, radians a token. */
export type Frequencies = Float32Array;

/** Rotary settings of a config, read before the size of a head is known. */
export interface RotarySettings {
  /** The share of a head's coordinates that is turned, 0..1. */
  readonly share: number;
  frequencies(size: number): Frequencies;
}

/**
 * Reads rotary settings as hub configs have them: `rope_parameters` (transformers 5) over `rope_theta` with
 * `rope_scaling`. Kinds: default, linear (Chen et al. 2023), llama3 (transformers/modeling_rope_utils.py).
 *
 * @param keys how the family calls the base and the share outside `rope_parameters`
 */
export function readRotary(
  config: ConfigReader,
  keys: { readonly theta: string; readonly share?: string; readonly shareFallback?: number },
): RotarySettings {
  const outerTheta = config.number(keys.theta, 10_000);
  const outerShare = keys.share === undefined ? 1 : config.number(keys.share, keys.shareFallback);
  const scaling = config.group('rope_scaling');
  const group = config.group('rope_parameters') ?? scaling;
  const theta = group?.number('rope_theta', outerTheta) ?? outerTheta;
  const share = group?.number('partial_rotary_factor', outerShare) ?? outerShare;
  const scale = group === undefined ? unscaled : readScaling(group);
  return { share, frequencies: (size) => scale(baseFrequencies(theta, size)) };
}

const unscaled = (frequencies: Frequencies) => frequencies;

/** theta^(-2i / size), rounded to float32 where PyTorch does. */
function baseFrequencies(theta: number, size: number): Frequencies {
  return Float32Array.from({ length: size / 2 }, (_, index) => 1 / Math.fround(theta ** Math.fround((2 * index) / size)));
}

function readScaling(group: ConfigReader): (frequencies: Frequencies) => Frequencies {
  const kinds = ['default', 'linear', 'llama3'] as const;
  const kind = group.choice('rope_type', kinds, group.choice('type', kinds, 'default'));
  if (kind === 'default') return unscaled;
  const factor = group.number('factor');
  if (kind === 'linear') return (frequencies) => frequencies.map((frequency) => frequency / factor);
  const low = group.number('low_freq_factor');
  const high = group.number('high_freq_factor');
  const context = group.number('original_max_position_embeddings');
  return (frequencies) =>
    frequencies.map((frequency) => {
      const wavelength = (2 * Math.PI) / frequency;
      if (wavelength < context / high) return frequency;
      if (wavelength > context / low) return frequency / factor;
      const smooth = (context / wavelength - low) / (high - low);
      return ((1 - smooth) * frequency) / factor + smooth * frequency;
    });
}

/** The turns of all positions. */
export interface RotaryTables {
  /** `[n, size]`, each half the same. */
  readonly cos: Value;
  readonly sin: Value;
  readonly size: number;
}

/** Cosines and sines for the positions 0..n-1. */
export function rotaryTables(graph: GraphBuilder, positions: Value, frequencies: Frequencies): RotaryTables {
  const half = frequencies.length;
  const column = graph.op('Reshape', [graph.toFloat(positions), graph.integers([-1, 1])]); // [n, 1]
  const angles = graph.op('Mul', [column, graph.floats(frequencies, [1, half])]); // [n, half]
  const doubled = graph.op('Concat', [angles, angles], { axis: { int: -1 } }); // [n, 2 * half]
  return { cos: graph.op('Cos', [doubled]), sin: graph.op('Sin', [doubled]), size: 2 * half };
}

/**
 * Turns the first `size` of the `width` coordinates of queries or keys, `[batch, heads, n, width]`, each with its
 * partner half of `size` away (Su et al. 2021, in the layout of GPT-NeoX).
 */
export function rotate(graph: GraphBuilder, x: Value, width: number, { cos, sin, size }: RotaryTables): Value {
  const [turned, rest] =
    size === width
      ? [x]
      : graph.split('Split', [x, graph.integers([size, width - size])], 2, { axis: { int: -1 } });
  const [first, second] = graph.split('Split', [turned as Value, graph.integers([size / 2, size / 2])], 2, {
    axis: { int: -1 },
  });
  const partner = graph.op('Concat', [graph.op('Neg', [second as Value]), first as Value], { axis: { int: -1 } });
  const sum = graph.op('Add', [graph.op('Mul', [turned as Value, cos]), graph.op('Mul', [partner, sin])]);
  return rest === undefined ? sum : graph.op('Concat', [sum, rest], { axis: { int: -1 } });
}
