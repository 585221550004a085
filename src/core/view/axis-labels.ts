/** Distances between labelled tokens, repeated in every decade. */
const STEPS = [1, 2, 5];

/**
 * Tokens whose labels fit beside an axis: all, or every second, fifth, tenth ... of those in sight.
 *
 * @param first the first position in sight, which may be a fraction
 * @param length positions in sight
 * @param pixels length of the axis
 * @param spacing least distance of two labels, in pixels
 * @param count positions in all
 */
export function labelledPositions(axis: {
  readonly first: number;
  readonly length: number;
  readonly pixels: number;
  readonly spacing: number;
  readonly count: number;
}): { readonly step: number; readonly positions: readonly number[] } {
  const step = labelStep((axis.spacing * axis.length) / Math.max(1, axis.pixels));
  const positions = [];
  // A label belongs to the middle of its cell: a cell that is more than half out of sight has none.
  const end = Math.min(axis.count, axis.first + axis.length - 0.5);
  const start = Math.max(0, Math.ceil((axis.first - 0.5) / step) * step);
  for (let at = start; at <= end && at < axis.count; at += step) positions.push(at);
  return { step, positions };
}

/** The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`. */
function labelStep(least: number): number {
  for (let power = 1; ; power *= 10) {
    const step = STEPS.find((factor) => factor * power >= least);
    if (step !== undefined) return step * power;
    if (!Number.isFinite(power)) return 1;
  }
}
