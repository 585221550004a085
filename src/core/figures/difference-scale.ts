import type { ColourScale } from './figure.ts';

/** A diverging scale that reaches as far as `values` do, to either side. */
export function differenceScale(values: Float32Array): ColourScale {
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return {
    map: 'diverging',
    least: -reach,
    greatest: reach,
    unit: 'difference of attention',
  };
}
