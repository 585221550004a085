/** Steps of float32 that values are first put into: four in each power of two, up to 2. */
const STEP_SHIFT = 21;
const STEPS = 512;
const stepCounts = new Uint32Array(STEPS);
const stepSums = new Float64Array(STEPS);
let room = new Float32Array();

/**
 * The least number of `values[start]` to `values[end - 1]`, each 0 or more, whose sum is at least `wanted`: the largest ones. All of
 * them where they have less. One pass tells in which step of values the last of them lies, and only those of that step are looked
 * at more closely.
 *
 * @param bits the same memory as `values`
 */
export function fewestOf(
  values: Float32Array,
  bits: Uint32Array,
  start: number,
  end: number,
  wanted: number,
): number {
  let least = STEPS - 1;
  let greatest = 0;
  for (let at = start; at < end; at++) {
    const step = stepOf(bits[at] ?? 0);
    stepCounts[step] = (stepCounts[step] ?? 0) + 1;
    stepSums[step] = (stepSums[step] ?? 0) + (values[at] ?? 0);
    if (step < least) least = step;
    if (step > greatest) greatest = step;
  }
  let left = wanted;
  let count = 0;
  let last = greatest;
  for (; last >= least && (stepSums[last] ?? 0) < left; last--) {
    left -= stepSums[last] ?? 0;
    count += stepCounts[last] ?? 0;
  }
  stepCounts.fill(0, least, greatest + 1);
  stepSums.fill(0, least, greatest + 1);
  if (room.length < end - start) room = new Float32Array(end - start);
  let gathered = 0;
  for (let at = start; at < end; at++) {
    if (stepOf(bits[at] ?? 0) === last) room[gathered++] = values[at] ?? 0;
  }
  return count + fewestWith(room.subarray(0, gathered), left);
}

function stepOf(bits: number): number {
  const step = bits >>> STEP_SHIFT;
  return step < STEPS ? step : STEPS - 1;
}

/**
 * The least number of `values` whose sum is at least `wanted`: the largest ones. All of them where they have less.
 * Found by halving around a middle value, as quickselect does, in linear time on average.
 *
 * @param values 0 or more; their order is changed
 */
function fewestWith(values: Float32Array, wanted: number): number {
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
