const known = new WeakMap<readonly number[], readonly (readonly number[] | undefined)[]>();

/** For each token the positions before it that hold the same token, ascending; undefined where there are none. */
export function earlierOccurrences(ids: readonly number[]): readonly (readonly number[] | undefined)[] {
  const found = known.get(ids) ?? findOccurrences(ids);
  known.set(ids, found);
  return found;
}

function findOccurrences(ids: readonly number[]): (readonly number[] | undefined)[] {
  const seen = new Map<number, number[]>();
  return ids.map((id, position) => {
    const positions = seen.get(id) ?? [];
    const earlier = positions.length === 0 ? undefined : [...positions];
    positions.push(position);
    seen.set(id, positions);
    return earlier;
  });
}
