import { atlasError } from '../../schema/errors/index.ts';
import type { ConfigReader } from '../config-reader.ts';

// Kinds of rotary scaling, as transformers/modeling_rope_utils.py computes them. PyTorch works in float32, and a
// position of a thousand multiplies what is lost; so numbers are rounded where it rounds.

/**
 * How fast each pair of coordinates turns, radians a token; what the turned vectors are multiplied by; and how many
 * tokens the scaling lets a model read.
 */
interface Frequencies {
  readonly kind: 'fixed';
  readonly values: Float32Array;
  readonly amplitude: number;
  readonly reach: number;
}

/** Other frequencies once a text is longer than `limit` tokens (LongRoPE). */
interface ByLength {
  readonly kind: 'by-length';
  readonly short: Float32Array;
  readonly long: Float32Array;
  readonly limit: number;
  readonly amplitude: number;
  /** For texts longer than the limit. */
  readonly longAmplitude: number;
  readonly reach: number;
}

/** A base that grows with the length of a text beyond the context (dynamic NTK). */
interface Dynamic {
  readonly kind: 'dynamic';
  readonly theta: number;
  readonly size: number;
  readonly factor: number;
  readonly context: number;
  readonly amplitude: number;
  readonly reach: number;
}

export type RotaryKind = Frequencies | ByLength | Dynamic;

/** What the config says outside of the scaling. */
export interface RotaryBase {
  readonly theta: number;
  /** Coordinates that are turned. */
  readonly size: number;
  /** `max_position_embeddings`. */
  readonly context: number;
  /** `original_max_position_embeddings` outside of the scaling group, which goes first. */
  readonly originalContext: number | undefined;
}

const KINDS = [
  'default',
  'linear',
  'dynamic',
  'yarn',
  'longrope',
  'su',
  'llama3',
  'mrope',
  'proportional',
] as const;

/** Dimensions of a head that are turned: no head comes near it. */
const MOST_TURNED = 65_536;

/** Reads a scaling group, `rope_scaling` or `rope_parameters`; `type` is the older name of `rope_type`. */
export function readFrequencies(group: ConfigReader | undefined, base: RotaryBase): RotaryKind {
  const older = group?.choice('type', KINDS, 'default') ?? 'default';
  const kind = group?.choice('rope_type', KINDS, older) ?? 'default';
  const values = powers(base.theta, base.size);
  const fixed = (scaled: Float32Array, reach = base.context): Frequencies => ({
    kind: 'fixed',
    values: scaled,
    amplitude: 1,
    reach,
  });
  if (group === undefined) return fixed(values);
  switch (kind) {
    case 'mrope': // three positions a token, which are the same where all tokens are text
    case 'default':
      group.ignore('mrope_section', 'mrope_interleaved', 'factor');
      return fixed(values);
    case 'linear': {
      const factor = group.number('factor');
      return fixed(
        values.map((value) => value / factor),
        base.context * factor,
      );
    }
    case 'dynamic': {
      group.ignore('original_max_position_embeddings');
      const factor = group.number('factor');
      const { theta, size, context } = base;
      return { kind: 'dynamic', theta, size, context, factor, amplitude: 1, reach: Infinity };
    }
    case 'llama3':
      return fixed(llama3(values, group, base), originalContext(group, base) * group.number('factor'));
    case 'proportional':
      return fixed(proportional(group, base));
    case 'yarn':
      return yarn(group, base);
    case 'su':
    case 'longrope':
      return longRope(group, base);
  }
}

/** The first pairs as in the whole head, and the others at rest (Gemma 4). */
function proportional(group: ConfigReader, { theta, size }: RotaryBase): Float32Array {
  const turned = Math.floor(Math.floor(group.number('partial_rotary_factor', 1) * size) / 2);
  const factor = group.number('factor', 1);
  return powers(theta, size).map((value, index) => (index < turned ? value / factor : 0));
}

/** theta^(-2i / size) */
function powers(theta: number, size: number): Float32Array {
  return exponents(size).map((exponent) => 1 / Math.fround(Math.fround(theta) ** exponent));
}

function exponents(size: number): Float32Array {
  if (!(size >= 0 && size <= MOST_TURNED)) {
    const expected = `0 to ${MOST_TURNED} rotary dimensions`;
    throw atlasError('config-value-invalid', { key: 'rotary dimensions', value: size, expected });
  }
  return Float32Array.from({ length: Math.ceil(size / 2) }, (_, index) => (2 * index) / size);
}

function originalContext(group: ConfigReader, { originalContext: outer, context }: RotaryBase): number {
  const inner = group.integer('original_max_position_embeddings', context);
  return outer ?? inner;
}

/** Grattafiori et al. 2024 (Llama 3.1) */
function llama3(frequencies: Float32Array, group: ConfigReader, base: RotaryBase): Float32Array {
  const factor = group.number('factor');
  const low = group.number('low_freq_factor');
  const high = group.number('high_freq_factor');
  const context = originalContext(group, base);
  return frequencies.map((frequency) => {
    const wavelength = Math.fround((2 * Math.PI) / frequency);
    if (wavelength < context / high) return frequency;
    if (wavelength > context / low) return frequency / factor;
    const smooth = Math.fround((context / wavelength - low) / (high - low));
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

/** Peng et al. 2023 (YaRN): fast coordinates as they are, slow ones interpolated, a ramp between. */
function yarn(group: ConfigReader, base: RotaryBase): Frequencies {
  const { theta, size, context } = base;
  const original = originalContext(group, base);
  const factor = group.optionalNumber('factor') ?? context / original;
  const turns = (rotations: number) =>
    (size * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const isTruncated = group.boolean('truncate', true);
  const first = turns(group.optionalNumber('beta_fast') ?? 32);
  const last = turns(group.optionalNumber('beta_slow') ?? 1);
  const low = Math.max(isTruncated ? Math.floor(first) : first, 0);
  const high = Math.min(isTruncated ? Math.ceil(last) : last, size - 1);
  const span = low === high ? 0.001 : high - low;
  const values = powers(theta, size).map((frequency, index) => {
    const ramp = Math.min(Math.max((index - low) / span, 0), 1);
    return (frequency / factor) * ramp + frequency * (1 - ramp);
  });
  return { kind: 'fixed', values, amplitude: yarnAmplitude(group, factor), reach: original * factor };
}

function yarnAmplitude(group: ConfigReader, factor: number): number {
  const given = group.optionalNumber('attention_factor');
  const numerator = group.optionalNumber('mscale');
  const denominator = group.optionalNumber('mscale_all_dim');
  if (given !== undefined) return given;
  if (!numerator || !denominator) return yarnScale(factor, 1);
  return yarnScale(factor, numerator) / yarnScale(factor, denominator);
}

/** YaRN's growth of scores with the factor of the context: 0.1 weight ln(factor) + 1. */
export function yarnScale(factor: number, weight: number): number {
  return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
}

/** Ding et al. 2024 (LongRoPE): a factor a coordinate, other ones for texts beyond the original context. */
function longRope(group: ConfigReader, base: RotaryBase): ByLength {
  const { theta, size, context } = base;
  const limit = originalContext(group, base);
  const factor = group.optionalNumber('factor') ?? context / limit;
  const amplitude =
    group.optionalNumber('attention_factor') ??
    (factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(limit)));
  group.ignore('short_mscale', 'long_mscale');
  const powersOfTheta = exponents(size).map((exponent) => Math.fround(theta) ** exponent);
  const scaled = (key: string) => {
    const factors = group.numbers(key) ?? [];
    return powersOfTheta.map((power, index) => 1 / Math.fround(Math.fround(factors[index] ?? NaN) * power));
  };
  return {
    kind: 'by-length',
    short: scaled('short_factor'),
    long: scaled('long_factor'),
    limit,
    amplitude,
    longAmplitude: amplitude,
    reach: context,
  };
}
