import { describe, expect, it } from 'vitest';
import { headSpace } from '../../../src/core/relatives/head-space.ts';
import { nearestHeads } from '../../../src/core/relatives/nearest-heads.ts';
import { indexHeads } from '../../../src/site/near-heads.ts';
import { random } from '../random.ts';
import { headRecord } from './records.ts';

const METRICS = Array.from({ length: 8 }, (_, at) => `metric-${at}`);

/** Heads that gather around `kinds` points of chance; some lack a metric. */
function gathered(count: number, kinds: number) {
  const numbers = random(11);
  const centres = Array.from({ length: kinds }, () => METRICS.map(() => numbers.next()));
  return headSpace(
    Array.from({ length: count }, (_, at) => {
      const centre = numbers.pick(centres);
      const known = METRICS.filter((_, metric) => (at + metric) % 41 > 0);
      const means = known.map((name) => [name, (centre[METRICS.indexOf(name)] ?? 0) + 0.2 * numbers.next()]);
      return headRecord('tiny', 0, at, Object.fromEntries(means) as Record<string, number>);
    }),
    METRICS,
  );
}

describe('an index of heads', () => {
  it('finds nearly all heads that a comparison with each finds, and the same ones each time', async () => {
    const space = gathered(4_000, 60);
    const [index, again] = [await indexHeads(space), await indexHeads(space)];
    const isEven = (head: number) => head % 2 === 0;
    let [wanted, missed] = [0, 0];
    for (let head = 0; head < space.heads; head += 50) {
      const near = index.near(head, isEven);
      expect(again.near(head, isEven)).toEqual(near);
      expect(near.filter((other) => other === head || !isEven(other))).toEqual([]);
      const even = Array.from({ length: space.heads / 2 }, (_, at) => 2 * at);
      for (const { head: other } of nearestHeads(space, head, 3, even)) {
        wanted++;
        if (!near.includes(other)) missed++;
      }
    }
    expect(wanted).toBe(240);
    expect(missed / wanted).toBeLessThan(0.02);
  });

  it('looks farther where the nearest heads are none that are asked for', async () => {
    const crowd = 2_000;
    const space = headSpace(
      Array.from({ length: crowd + 200 }, (_, at) =>
        headRecord('tiny', 0, at, { a: at < crowd ? at / 1e6 : 1 + at / 1e6, b: at % 7 }),
      ),
      ['a', 'b'],
    );
    const near = (await indexHeads(space)).near(5, (other) => other >= crowd);
    expect(near.length).toBeGreaterThanOrEqual(64);
    expect(Math.min(...near)).toBeGreaterThanOrEqual(crowd);
  });

  it('finds nothing by no metrics', async () => {
    const space = headSpace([headRecord('tiny', 0, 0, {}), headRecord('tiny', 0, 1, {})], METRICS);
    expect((await indexHeads(space)).near(0, () => true)).toEqual([]);
  });
});
