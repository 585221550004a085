import { remember } from '../remember.ts';

/** For each token some positions, ascending; undefined where there are none. */
export type Positions = readonly (readonly number[] | undefined)[];

/** For each token the positions before it that hold the same token. */
export const earlierOccurrences: (ids: readonly number[]) => Positions = remember((ids) => {
  const seen = new Map<number, number[]>();
  return ids.map((id, position) => {
    const positions = seen.get(id) ?? [];
    const earlier = positions.length === 0 ? undefined : [...positions];
    positions.push(position);
    seen.set(id, positions);
    return earlier;
  });
});

/** For each token what followed it earlier: the positions behind those that hold the same token. */
export const earlierFollowers: (ids: readonly number[]) => Positions = remember((ids) =>
  earlierOccurrences(ids).map((earlier) => earlier?.map((position) => position + 1)),
);
