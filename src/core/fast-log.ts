const STEPS_BITS = 8;
const STEPS = 2 ** STEPS_BITS;
const MANTISSA_BITS = 23;
const BIAS = 127;

/** Of each exponent e of float32: e ln 2, and 2⁻ᵉ. */
const LOG_OF_POWER = Float64Array.from({ length: 256 }, (_, at) => (at - BIAS) * Math.LN2);
const INVERSE_POWER = Float64Array.from({ length: 256 }, (_, at) => 2 ** (BIAS - at));
/** Of the beginning c of each step between 1 and 2: ln c, and 1 / c. */
const LOG_OF_STEP = Float64Array.from({ length: STEPS }, (_, at) => Math.log(1 + at / STEPS));
const INVERSE_STEP = Float64Array.from({ length: STEPS }, (_, at) => 1 / (1 + at / STEPS));

/**
 * Σ x ln x over `values[start]` to `values[end - 1]`; those that are not above 0 add nothing. Each ln x is that of Math.log to within
 * 10⁻¹⁵ or its last digits, and 0 for 1; Math.log would take longer than all else that is summed over a pattern. ln x is
 * ln 2ᵉ + ln c + ln(1 + r), with c from a table and r below 2⁻⁸.
 *
 * @param bits the same memory as `values`
 */
export function sumOfLogs(values: Float32Array, bits: Uint32Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) {
    const value = values[at] ?? 0;
    if (value <= 0) continue;
    const all = bits[at] ?? 0;
    const power = all >>> MANTISSA_BITS;
    if (power === 0 || power > 254) {
      sum += value * Math.log(value); // below the least that float32 has all digits of
      continue;
    }
    const step = (all >>> (MANTISSA_BITS - STEPS_BITS)) & (STEPS - 1);
    const r = value * (INVERSE_POWER[power] ?? 0) * (INVERSE_STEP[step] ?? 0) - 1;
    const ofRest = r * (1 - r * (1 / 2 - r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r / 6)))));
    sum += value * ((LOG_OF_POWER[power] ?? 0) + (LOG_OF_STEP[step] ?? 0) + ofRest);
  }
  return sum;
}
