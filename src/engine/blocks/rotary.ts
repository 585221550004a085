import type { ConfigReader } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Sequence } from '../sequence.ts';
import { readFrequencies, type RotaryKind } from './rotary-frequencies.ts';

/** Rotary settings of a config. */
export interface Rotary {
  /** Coordinates of a head that are turned: the first ones. */
  readonly size: number;
  readonly kind: RotaryKind;
  /** Tokens that the settings let a model read, where that is more than its context. */
  readonly reach: number;
  /** Whether pairs are neighbours (GPT-J); else a coordinate's partner is half of `size` away (GPT-NeoX). */
  readonly interleaved: boolean;
  /** Whether vectors turn the other way. */
  readonly reversed?: boolean;
}

interface RotaryKeys {
  /** Coordinates of a head. */
  readonly size: number;
  /** `max_position_embeddings`. */
  readonly context: number;
  /** The family's base where the config has none. */
  readonly theta?: number;
  readonly thetaKey?: string;
  /** The share of a head's coordinates that is turned where the config has none; left out, whole heads are. */
  readonly share?: number;
  readonly shareKey?: string;
  /** The family's `original_max_position_embeddings` where the config has none outside of the scaling group. */
  readonly originalContext?: number;
  readonly interleaved?: boolean;
}

/**
 * Reads rotary settings as hub configs have them (`rope_theta`, `rope_scaling`) and as transformers 5 writes them
 * (`rope_parameters`).
 */
export function readRotary(config: ConfigReader, keys: RotaryKeys): Rotary {
  const {
    size,
    context,
    thetaKey = 'rope_theta',
    shareKey = 'partial_rotary_factor',
    interleaved = false,
  } = keys;
  const group = config.group('rope_scaling') ?? config.group('rope_parameters');
  const outerTheta = config.number(thetaKey, keys.theta ?? 10_000);
  if (keys.share === undefined) refuseShare(config, group);
  const outerShare = config.number(shareKey, keys.share ?? 1);
  const outerOriginal = config.optionalNumber('original_max_position_embeddings') ?? keys.originalContext;
  const theta = group?.number('rope_theta', outerTheta) ?? outerTheta;
  const share = group?.number('partial_rotary_factor', outerShare) ?? outerShare;
  const turned = Math.floor(size * share);
  const kind = readFrequencies(group, { theta, size: turned, context, originalContext: outerOriginal });
  return { size: 2 * Math.ceil(turned / 2), kind, reach: kind.reach, interleaved };
}

interface LayeredKeys extends Pick<RotaryKeys, 'size' | 'context'> {
  /** The base of full layers, and the key that sets it. */
  readonly full: { readonly theta: number; readonly key: string };
  /** The base of sliding layers, and the key that sets it where the family has one. */
  readonly sliding: { readonly theta: number; readonly key?: string };
}

/** Reads settings that differ between full and sliding layers; `rope_scaling` is for full layers. */
export function readLayeredRotary(config: ConfigReader, keys: LayeredKeys) {
  const { size, context, full, sliding } = keys;
  const scaling = config.group('rope_scaling');
  const newer = config.group('rope_parameters');
  const read = (group: ConfigReader | undefined, outer: number): Rotary => {
    const theta = group?.number('rope_theta', outer) ?? outer;
    const kind = readFrequencies(group, { theta, size, context, originalContext: undefined });
    return { size, kind, reach: kind.reach, interleaved: false };
  };
  const slidingTheta = sliding.key === undefined ? sliding.theta : config.number(sliding.key, sliding.theta);
  return {
    full: read(scaling ?? newer?.group('full_attention'), config.number(full.key, full.theta)),
    sliding: read(newer?.group('sliding_attention'), slidingTheta),
  };
}

/** Families whose code turns whole heads do not read the share: what such a config means is not known. */
function refuseShare(config: ConfigReader, group: ConfigReader | undefined): void {
  config.only('partial_rotary_factor', 1);
  group?.only('partial_rotary_factor', 1);
}

/**
 * Reads `rope_parameters` with one group a type of layer, its base and its share.
 *
 * @param sizeOf coordinates of a head in layers of a type
 */
export function readSectionRotary(
  config: ConfigReader,
  context: number,
  sizeOf: (section: string) => number,
): (section: string) => Rotary {
  const sections = config.group('rope_parameters');
  const made = new Map<string, Rotary>();
  const read = (section: string): Rotary => {
    const group = sections?.group(section);
    const size = sizeOf(section);
    const theta = group?.number('rope_theta', 10_000) ?? 10_000;
    const share = group?.number('partial_rotary_factor', 1) ?? 1;
    const isProportional = group?.text('rope_type', 'default') === 'proportional';
    const turned = isProportional ? size : Math.floor(size * share);
    const kind = readFrequencies(group, { theta, size: turned, context, originalContext: undefined });
    return { size: 2 * Math.ceil(turned / 2), kind, reach: kind.reach, interleaved: false };
  };
  for (const section of ['full_attention', 'sliding_attention']) made.set(section, read(section));
  return (section) => made.get(section) ?? read(section);
}

/**
 * LongRoPE as transformers does it for Phi-3.5-MoE: the short factors whatever the length, and amplitudes of their
 * own, `short_mscale` and `long_mscale`.
 */
export function withLengthAmplitudes(rotary: Rotary, config: ConfigReader): Rotary {
  const group = config.group('rope_scaling') ?? config.group('rope_parameters');
  if (group === undefined || rotary.kind.kind !== 'by-length') return rotary;
  const amplitude = group.number('short_mscale');
  const longAmplitude = group.number('long_mscale');
  return { ...rotary, kind: { ...rotary.kind, long: rotary.kind.short, amplitude, longAmplitude } };
}

/** Settings without any scaling. */
export function plainRotary(theta: number, size: number, interleaved = false): Rotary {
  const kind = readFrequencies(undefined, { theta, size, context: 0, originalContext: undefined });
  return { size, kind, reach: 0, interleaved };
}

/** The turns of all positions. */
export interface RotaryTables {
  /** `[n, size]`, each half the same. */
  readonly cos: Value;
  readonly sin: Value;
  readonly size: number;
  readonly interleaved: boolean;
}

/** Cosines and sines for the positions 0..n-1. */
export function rotaryTables(
  scope: Scope,
  { size, kind, interleaved, reversed = false }: Rotary,
): RotaryTables {
  const { graph, sequence } = scope;
  const column = graph.reshape(graph.toFloat(sequence.positions), [-1, 1]); // [n, 1]
  const angles = graph.multiply(column, frequencies(graph, sequence, kind)); // [n, size / 2]
  const doubled = graph.concat([angles, angles], -1); // [n, size]
  const table = (type: string) => amplify(graph, sequence, graph.op(type, [doubled]), kind);
  return { cos: table('Cos'), sin: graph.scale(table('Sin'), reversed ? -1 : 1), size, interleaved };
}

function amplify(graph: GraphBuilder, { length }: Sequence, x: Value, kind: RotaryKind): Value {
  if (kind.kind !== 'by-length' || kind.amplitude === kind.longAmplitude)
    return graph.scale(x, kind.amplitude);
  const isLong = graph.op('Greater', [length, graph.integers([kind.limit])]); // [1]
  const amplitude = graph.op('Where', [
    isLong,
    graph.floats([kind.longAmplitude]),
    graph.floats([kind.amplitude]),
  ]);
  return graph.multiply(x, amplitude);
}

/** Radians a token, `[1, size / 2]`. */
function frequencies(graph: GraphBuilder, { length }: Sequence, kind: RotaryKind): Value {
  const row = (values: Float32Array) => graph.floats(values, [1, values.length]);
  if (kind.kind === 'fixed') return row(kind.values);
  if (kind.kind === 'by-length') {
    const isLong = graph.op('Greater', [length, graph.integers([kind.limit])]); // [1]
    return graph.op('Where', [isLong, row(kind.long), row(kind.short)]);
  }
  const { theta, size, factor, context } = kind;
  const tokens = graph.op('Max', [graph.toFloat(length), graph.floats([context], [1])]);
  const growth = graph.shift(graph.scale(tokens, factor / context), 1 - factor); // [1]: at least 1
  const base = graph.scale(graph.op('Pow', [growth, graph.floats([size / (size - 2)])]), theta);
  const exponents = Float32Array.from({ length: size / 2 }, (_, index) => (-2 * index) / size);
  return graph.op('Pow', [graph.reshape(base, [1, 1]), row(exponents)]);
}

/**
 * Turns the first coordinates of queries or keys, `[batch, heads, n, width]` (Su et al. 2021). Interleaved pairs are
 * laid out in halves and stay so: a product of a query and a key does not feel the order of their coordinates.
 */
export function rotate(graph: GraphBuilder, x: Value, width: number, tables: RotaryTables): Value {
  const { cos, sin, size, interleaved } = tables;
  const [turned, rest] = size === width ? [x] : graph.split(x, [size, width - size]);
  const [first, second] = interleaved
    ? pairs(graph, turned, size)
    : graph.split(turned, [size / 2, size / 2]);
  const inHalves = interleaved ? graph.concat([first, second], -1) : turned;
  const partner = graph.concat([graph.op('Neg', [second]), first], -1);
  const sum = graph.add(graph.multiply(inHalves, cos), graph.multiply(partner, sin));
  return rest === undefined ? sum : graph.concat([sum, rest], -1);
}

/** The even and the odd coordinates. */
function pairs(graph: GraphBuilder, x: Value, size: number): readonly [Value, Value] {
  const index = Array.from({ length: size / 2 }, (_, pair) => 2 * pair);
  const odd = index.map((even) => even + 1);
  return [graph.gather(x, graph.integers(index), -1), graph.gather(x, graph.integers(odd), -1)];
}
