import type { HeadSpace } from '../core/relatives/head-space.ts';

/** Which heads may be near to one, found without a look at each. */
export interface NearHeads {
  /**
   * Those nearest by metrics, most of them at least, in no order; never the head itself.
   *
   * @param isAmong which heads are asked for
   */
  near(head: number, isAmong: (other: number) => boolean): number[];
}

/** What is asked of the index: first, and at most, where most of what is found is not asked for. */
const [FIRST, MOST] = [256, 4096];
/** As many found are enough to be compared one by one, patterns included. */
const ENOUGH = 64;
/** Neighbours that the index looks at when a head is added; its usual 16 links a head. */
const LOOKED_AT = 128;

/**
 * Puts heads into a graph of near neighbours (HNSW, Malkov and Yashunin 2016, by USearch) by the coordinates of their metrics; what a head
 * lacks counts as average. Made by one thread, so that the same heads give the same answers.
 *
 * @throws Error where USearch has no program for this system
 */
export async function indexHeads({ heads, metrics, points }: HeadSpace): Promise<NearHeads> {
  const { Index, MetricKind, ScalarKind } = await import('usearch');
  const width = metrics.length;
  if (width === 0) return { near: () => [] };
  const known = points.map((value) => (Number.isNaN(value) ? 0 : value));
  const index = new Index({
    dimensions: width,
    metric: MetricKind.L2sq,
    quantization: ScalarKind.F32,
    connectivity: 16,
    expansion_add: LOOKED_AT,
    expansion_search: FIRST,
    multi: false,
  });
  index.add(
    BigUint64Array.from({ length: heads }, (_, head) => BigInt(head)),
    known,
    1,
  );
  return {
    near(head, isAmong) {
      const point = known.subarray(head * width, (head + 1) * width);
      for (let asked = FIRST; ; asked *= 4) {
        const { keys } = index.search(point, Math.min(asked, heads), 1);
        const found = Array.from(keys, Number).filter((other) => other !== head && isAmong(other));
        if (found.length >= ENOUGH || asked >= Math.min(MOST, heads)) return found;
      }
    },
  };
}
