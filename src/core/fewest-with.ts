/**
 * The least number of `values` whose sum is at least `wanted`: the largest ones. All of them where they have less.
 * Found by halving around a middle value, as quickselect does, in linear time on average.
 *
 * @param values 0 or more; their order is changed
 */
export function fewestWith(values: Float32Array, wanted: number): number {
  let first = 0;
  let end = values.length;
  let left = wanted;
  let count = 0;
  while (first < end) {
    const middle = values[(first + end) >> 1] ?? 0;
    // The larger ones go to the front; `above` is the sum of those, `same` of those equal to the middle.
    let larger = first;
    let equal = first;
    let above = 0;
    for (let at = first; at < end; at++) {
      const value = values[at] ?? 0;
      if (value < middle) continue;
      values[at] = values[equal] ?? 0;
      if (value > middle) {
        values[equal] = values[larger] ?? 0;
        values[larger++] = value;
        above += value;
      } else values[equal] = value;
      equal++;
    }
    const same = (equal - larger) * middle;
    if (above >= left) end = larger;
    else if (above + same >= left)
      return count + larger - first + Math.max(1, Math.ceil((left - above) / middle));
    else {
      count += equal - first;
      left -= above + same;
      first = equal;
    }
  }
  return count;
}
