import { remember } from '../remember.ts';
import { SKETCH_SIZE } from './sketch-pattern.ts';

/** Sketches of the prompts at places p, p + BUNDLES, ... of the atlas are added up to one, whatever the number of prompts. */
export const BUNDLES = 16;
/** Numbers that stand for a head's patterns on all prompts. */
export const HEAD_SKETCH_SIZE = BUNDLES * SKETCH_SIZE;

/** What a bundle of sketches is of: heads are compared where they are of the same. */
export interface SketchedBundle {
  /** 0 where there is nothing to compare. */
  readonly prompts: number;
  /** The same for the same prompts, cut into the same tokens. */
  readonly of: string;
}

/** A head's patterns, as far as they are known. */
export interface SketchedHead {
  /** `[HEAD_SKETCH_SIZE]` */
  readonly sketch: Float32Array;
  /** `[BUNDLES]`, the same list for all heads of a stack. */
  readonly bundles: readonly SketchedBundle[];
}

/** Heads by their patterns. */
export interface PatternSpace {
  /** `[heads]`; undefined where nothing is known of a head's patterns. */
  readonly heads: readonly (SketchedHead | undefined)[];
  /** Mean over all pairs of heads of the square of their distance; 0 where there are no pairs that differ. */
  readonly meanSquare: number;
}

/** How far the patterns of two heads are apart. */
export interface PatternsApart {
  /**
   * The mean over the queries of a prompt, then over prompts, of the squared Hellinger distance of the two rows, as sketches tell
   * it: from 0 for the same to about 1 for nothing in common.
   */
  readonly square: number;
  /** On which it was found. */
  readonly prompts: number;
}

/** @param heads `[heads]`, in the order of the space */
export function patternSpace(heads: readonly (SketchedHead | undefined)[]): PatternSpace {
  return { heads, meanSquare: meanSquareOf(heads) };
}

/**
 * @param bound a square that is not below it need not be found exactly
 * @returns undefined where no prompts are shared that both read as the same tokens
 */
export function patternsApart(
  { heads }: PatternSpace,
  one: number,
  other: number,
  bound = Number.POSITIVE_INFINITY,
): PatternsApart | undefined {
  const [a, b] = [heads[one], heads[other]];
  if (a === undefined || b === undefined) return undefined;
  const { places, prompts } = sharedBundles(a.bundles)(b.bundles);
  if (prompts === 0) return undefined;
  let sum = 0;
  for (const place of places) {
    const end = (place + 1) * SKETCH_SIZE;
    for (let at = place * SKETCH_SIZE; at < end; at++) {
      const difference = (a.sketch[at] ?? 0) - (b.sketch[at] ?? 0);
      sum += difference * difference;
    }
    if (sum >= bound * prompts) break;
  }
  return { square: sum / prompts, prompts };
}

type Bundles = readonly SketchedBundle[];

/** The places of the bundles that two models share, and how many prompts these hold; found once for each pair of models. */
const sharedBundles = remember((a: Bundles) =>
  remember((b: Bundles) => {
    const shared = [...a.entries()].filter(([at, { prompts, of }]) => prompts > 0 && of === b[at]?.of);
    return {
      places: shared.map(([at]) => at),
      prompts: shared.reduce((sum, [, { prompts }]) => sum + prompts, 0),
    };
  }),
);

/** From sums over the heads that share a bundle: Σ over pairs of ‖a − b‖² is n Σ ‖a‖² − ‖Σ a‖². */
function meanSquareOf(heads: readonly (SketchedHead | undefined)[]): number {
  let squares = 0;
  let compared = 0;
  for (let at = 0; at < BUNDLES; at++) {
    const sharing = Map.groupBy(
      heads.filter((head) => head !== undefined),
      ({ bundles }) => bundles[at]?.of,
    );
    for (const group of sharing.values()) {
      const sum = new Float64Array(SKETCH_SIZE);
      let ofAll = 0;
      for (const { sketch } of group) {
        for (let place = 0; place < SKETCH_SIZE; place++) {
          const value = sketch[at * SKETCH_SIZE + place] ?? 0;
          sum[place] = (sum[place] ?? 0) + value;
          ofAll += value * value;
        }
      }
      const pairs = (group.length * (group.length - 1)) / 2;
      squares += group.length * ofAll - sum.reduce((total, value) => total + value * value, 0);
      compared += pairs * (group[0]?.bundles[at]?.prompts ?? 0);
    }
  }
  return compared === 0 ? 0 : squares / compared;
}
