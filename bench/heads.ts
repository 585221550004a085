import { headSpace, type DescribedHead } from '../src/core/relatives/head-space.ts';
import { nearestHeads } from '../src/core/relatives/nearest-heads.ts';
import { BUNDLES, HEAD_SKETCH_SIZE } from '../src/core/relatives/pattern-space.ts';
import { indexHeads } from '../src/site/near-heads.ts';
import { random } from '../tests/unit/random.ts';

// `npm run bench:heads`: what processor time it takes to find the relatives of one head among many: by comparing it with each, and with
// those that an index finds near, and how many of the same three heads the index leads to. Heads have the values of 21 metrics and
// sketches: all drawn at random, so that no two are near and more has to be compared than among heads that have relatives; and
// gathered around 300 kinds of head, each off by a fifth of the range.

const METRICS = Array.from({ length: 21 }, (_, at) => `metric-${at}`);
const KINDS = 300;
const OFF = 0.2;
const ASKED = 40;
const numbers = random(5);
const bundles = Array.from({ length: BUNDLES }, () => ({ prompts: 10, of: 'tokens' }));

for (const count of [1_000, 10_000, 50_000, 100_000]) await measure('random', count, drawn);
const kinds = Array.from({ length: KINDS }, drawn);
for (const count of [10_000, 50_000, 100_000])
  await measure('gathered', count, () => near(numbers.pick(kinds)));

/** `[3 x metrics + sketch]`, each from 0 to 1. */
function drawn(): Float32Array {
  return Float32Array.from({ length: 3 * METRICS.length + HEAD_SKETCH_SIZE }, () => numbers.next());
}

function near(kind: Float32Array): Float32Array {
  return kind.map((value) => (1 - OFF) * value + OFF * numbers.next());
}

async function measure(how: string, count: number, make: () => Float32Array): Promise<void> {
  const space = headSpace(
    Array.from({ length: count }, () => described(make())),
    METRICS,
  );
  const asked = Array.from({ length: ASKED }, (_, at) => Math.floor((at * count) / ASKED));
  const started = cpuMilliseconds();
  const exact = asked.map((head) => nearestHeads(space, head, 3));
  const compared = cpuMilliseconds();
  const index = await indexHeads(space);
  const made = cpuMilliseconds();
  const found = asked.map((head) =>
    nearestHeads(
      space,
      head,
      3,
      index.near(head, () => true),
    ),
  );
  const done = cpuMilliseconds();
  const same = exact.map(
    (those, at) => those.filter(({ head }) => found[at]?.some((each) => each.head === head)).length,
  );
  process.stdout.write(
    `${String(count).padStart(7)} ${how} heads: ${((compared - started) / ASKED).toFixed(2)} ms a head compared with each; ` +
      `index ${((made - compared) / 1000).toFixed(1)} s, then ${((done - made) / ASKED).toFixed(2)} ms a head, ` +
      `which finds ${((100 * same.reduce((sum, each) => sum + each, 0)) / (3 * ASKED)).toFixed(1)} % of the same\n`,
  );
}

function described(values: Float32Array): DescribedHead {
  const metrics = METRICS.map((name, at) => {
    const [low = 0, mean = 0, high = 0] = values.subarray(3 * at, 3 * at + 3).toSorted();
    const quartiles: [number, number, number] = [low, mean, high];
    return [name, { mean, min: low, max: high, quartiles, histogram: [1], rank: 1, of: 1, prompts: 1 }];
  });
  return {
    metrics: Object.fromEntries(metrics) as DescribedHead['metrics'],
    patterns: { sketch: values.slice(3 * METRICS.length), bundles },
  };
}

/** Other programs on the machine do not change it. */
function cpuMilliseconds(): number {
  return process.cpuUsage().user / 1000;
}
