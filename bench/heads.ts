import { headSpace } from '../src/core/relatives/head-space.ts';
import { nearestHeads } from '../src/core/relatives/nearest-heads.ts';
import { random } from '../tests/unit/random.ts';

// `npm run bench:heads`: how long it takes to find the relatives of one head among many, exactly. Heads have the values of 21
// metrics drawn at random.

const METRICS = Array.from({ length: 21 }, (_, at) => `metric-${at}`);
const ASKED = 20;
const numbers = random(5);

for (const count of [1_000, 10_000, 50_000]) {
  const heads = Array.from({ length: count }, () => ({
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
  const started = performance.now();
  const space = headSpace(heads, METRICS);
  const made = performance.now();
  for (let at = 0; at < ASKED; at++) nearestHeads(space, at * 37, 3);
  const each = (performance.now() - made) / ASKED;
  process.stdout.write(
    `${String(count).padStart(6)} heads: ${(made - started).toFixed(0)} ms to describe, ${each.toFixed(2)} ms to find three relatives of one, ${((each * count) / 1000).toFixed(1)} s of all\n`,
  );
}
