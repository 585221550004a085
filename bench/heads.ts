import { headSpace } from '../src/core/relatives/head-space.ts';
import { nearestHeads } from '../src/core/relatives/nearest-heads.ts';
import { BUNDLES, HEAD_SKETCH_SIZE } from '../src/core/relatives/pattern-space.ts';
import { random } from '../tests/unit/random.ts';

// `npm run bench:heads`: what processor time it takes to find the relatives of one head among many, exactly. Heads have the values of 21
// metrics and sketches drawn at random: no two are near, so that more has to be compared than among heads that have relatives.

const METRICS = Array.from({ length: 21 }, (_, at) => `metric-${at}`);
const ASKED = 20;
const numbers = random(5);
const bundles = Array.from({ length: BUNDLES }, () => ({ prompts: 10, of: 'tokens' }));

for (const count of [1_000, 10_000, 50_000]) {
  const heads = Array.from({ length: count }, () => ({
    patterns: { sketch: Float32Array.from({ length: HEAD_SKETCH_SIZE }, () => numbers.next()), bundles },
    metrics: Object.fromEntries(
      METRICS.map((name) => {
        const [low = 0, mean = 0, high = 0] = [numbers.next(), numbers.next(), numbers.next()].sort();
        return [
          name,
          {
            mean,
            min: low,
            max: high,
            quartiles: [low, mean, high] as [number, number, number],
            histogram: [1],
            rank: 1,
            of: 1,
            prompts: 1,
          },
        ];
      }),
    ),
  }));
  const started = cpuMilliseconds();
  const space = headSpace(heads, METRICS);
  const made = cpuMilliseconds();
  for (let at = 0; at < ASKED; at++) nearestHeads(space, at * 37, 3);
  const each = (cpuMilliseconds() - made) / ASKED;
  process.stdout.write(
    `${String(count).padStart(6)} heads: ${(made - started).toFixed(0)} ms to describe, ${each.toFixed(2)} ms to find three relatives of one, ${((each * count) / 1000).toFixed(1)} s of all\n`,
  );
}

/** Other programs on the machine do not change it. */
function cpuMilliseconds(): number {
  return process.cpuUsage().user / 1000;
}
