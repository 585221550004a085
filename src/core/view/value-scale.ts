import type { MapChoice } from '../../schema/colour-map.ts';
import type { Scale } from '../../schema/view-state.ts';

/**
 * How values become positions on a colour map. A diverging scale is symmetric around 0 (its ends are
 * `-greatest` and `greatest`, whatever `least` says).
 */
export interface ValueScale {
  readonly kind: Scale;
  readonly map: 'sequential' | 'diverging';
  /** The sequential map in place of the theme's own. */
  readonly chosen?: MapChoice;
  readonly least: number;
  readonly greatest: number;
}

/** Decades below the greatest value that a logarithmic scale shows where its own least value is 0 or less. */
const DECADES = 4;
const MOST_TICKS = 6;
/** Parts of the greatest value that a square-root scale is marked at. */
const ROOT_MARKS = [0, 0.01, 0.1, 0.25, 0.5, 1];

/** The least value that the scale tells from smaller ones: its own, but above 0 on a logarithmic scale. */
export function scaleFloor({ kind, map, least, greatest }: ValueScale): number {
  const own = map === 'diverging' ? 0 : least;
  return kind === 'log' && own <= 0 ? greatest * 10 ** -DECADES : own;
}

/** The position of a value between the ends of the map, 0..1; a value outside the scale's range gets the nearer end. */
export function positionOn(scale: ValueScale): (value: number) => number {
  const bend = bends[scale.kind];
  const floor = scaleFloor(scale);
  const from = bend(floor);
  const span = bend(scale.greatest) - from;
  const along = (value: number) => {
    const position = value <= floor ? 0 : (bend(value) - from) / span;
    return position > 1 ? 1 : position;
  };
  if (scale.map === 'sequential') return along;
  return (value) => 0.5 + (value < 0 ? -along(-value) : along(value)) / 2;
}

const bends: Readonly<Record<Scale, (value: number) => number>> = {
  linear: (value) => value,
  sqrt: (value) => Math.sign(value) * Math.sqrt(Math.abs(value)),
  log: Math.log,
};

/** Values that a colour bar is marked at, ascending, both ends among them; about six on each side of 0. */
export function scaleTicks(scale: ValueScale): number[] {
  const floor = scaleFloor(scale);
  const upper = {
    linear: linearTicks,
    sqrt: rootTicks,
    log: decadeTicks,
  }[scale.kind](floor, scale.greatest);
  if (scale.map === 'sequential') return upper;
  const positive = upper.filter((value) => value > 0);
  return [...positive.map((value) => -value).reverse(), 0, ...positive];
}

function linearTicks(least: number, greatest: number): number[] {
  const rough = (greatest - least) / (MOST_TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const inner = [];
  for (let index = Math.ceil(least / step); index * step < greatest; index++) inner.push(index * step);
  return between(inner, least, greatest);
}

function rootTicks(least: number, greatest: number): number[] {
  return between(
    ROOT_MARKS.map((part) => part * greatest),
    least,
    greatest,
  );
}

function decadeTicks(least: number, greatest: number): number[] {
  const powers = [];
  for (let power = Math.ceil(Math.log10(least)); 10 ** power < greatest; power++) powers.push(10 ** power);
  return between(powers, least, greatest);
}

/** The ends, and those of `values` that lie between them. */
function between(values: readonly number[], least: number, greatest: number): number[] {
  return [
    least,
    ...values.filter((value) => value > least * 1.000001 && value < greatest * 0.999999),
    greatest,
  ];
}
