import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { deltaRule } from '../../../src/engine/blocks/delta-rule.ts';
import { recurrence } from '../../../src/engine/blocks/recurrence.ts';
import { stateSpace } from '../../../src/engine/blocks/state-space.ts';
import { createGraph, type Value } from '../../../src/engine/graph/graph-builder.ts';
import type { Scope } from '../../../src/engine/scope.ts';
import { sequenceOf } from '../../../src/engine/sequence.ts';
import { random } from '../random.ts';

// What the graph computes by stretches of tokens, against the formula, token by token in float64.

const BATCH = 2;
/** Below, at and beyond one stretch, and beyond two. */
const LENGTHS = [1, 19, 64, 65, 150];

type Rows = Float64Array[]; // a row a token

function makeRows(length: number, width: number, seed: number, least: number, most: number): Rows {
  const source = random(seed);
  return Array.from({ length: BATCH * length }, () =>
    Float64Array.from({ length: width }, () => Math.fround(least + (most - least) * source.next())),
  );
}

/** Runs `build` on inputs of `[tokens, width]`. */
async function run<K extends string>(
  length: number,
  inputs: Readonly<Record<K, Rows>>,
  build: (scope: Scope, values: Record<K, Value>) => Value,
): Promise<Float32Array> {
  const graph = createGraph();
  const size = graph.integers([BATCH, length]);
  const scope = { graph, sequence: sequenceOf(graph, size) } as unknown as Scope;
  const names = Object.keys(inputs) as K[];
  const values = Object.fromEntries(
    names.map((name) => [name, graph.input({ name, type: 'FLOAT', shape: ['tokens', `${name} width`] })]),
  ) as Record<K, Value>;
  graph.output(build(scope, values), { name: 'out', type: 'FLOAT', shape: ['tokens', 'width'] });
  const session = await InferenceSession.create(graph.encode().bytes);
  const feeds = Object.fromEntries(
    names.map((name) => {
      const rows = inputs[name];
      const data = Float32Array.from(rows.flatMap((row) => [...row]));
      return [name, new Tensor('float32', data, [rows.length, data.length / rows.length])];
    }),
  );
  const { out } = await session.run(feeds);
  await session.release();
  return out?.data as Float32Array;
}

function worst(actual: Float32Array, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (actual[at] ?? NaN))), 0);
}

const at = (row: Float64Array | undefined, index: number) => row?.[index] ?? NaN;

describe.each(LENGTHS)('of %d tokens', (length) => {
  it('stateSpace', async () => {
    const [heads, size, groups, state] = [4, 3, 2, 5];
    const inputs = {
      values: makeRows(length, heads * size, 1, -1, 1),
      keys: makeRows(length, groups * state, 2, -1, 1),
      queries: makeRows(length, groups * state, 3, -1, 1),
      logs: makeRows(length, heads, 4, -0.2, 0),
    };
    const expected: number[] = [];
    for (let batch = 0; batch < BATCH; batch++) {
      const held = new Float64Array(heads * size * state);
      for (let token = batch * length; token < (batch + 1) * length; token++) {
        for (let head = 0; head < heads; head++) {
          const group = Math.floor(head / (heads / groups));
          for (let row = 0; row < size; row++) {
            let read = 0;
            for (let column = 0; column < state; column++) {
              const cell = (head * size + row) * state + column;
              const key = at(inputs.keys[token], group * state + column);
              held[cell] =
                Math.exp(at(inputs.logs[token], head)) * at(held, cell) +
                at(inputs.values[token], head * size + row) * key;
              read += at(held, cell) * at(inputs.queries[token], group * state + column);
            }
            expected.push(read);
          }
        }
      }
    }
    const actual = await run(length, inputs, (scope, values) =>
      stateSpace(scope, values, { heads, size, groups, state }),
    );
    expect(worst(actual, expected)).toBeLessThan(2e-5);
  });

  it.each([
    ['keys of all kinds', false],
    ['the same key again and again', true],
  ])('deltaRule, %s', async (_, isSame) => {
    const [groups, members, keySize, valueSize] = [2, 2, 4, 3];
    const heads = groups * members;
    const keys = makeRows(length, groups * keySize, 5, -1, 1);
    const inputs = {
      queries: makeRows(length, groups * keySize, 6, -1, 1),
      keys: isSame ? keys.map(() => keys[0] as Float64Array) : keys,
      values: makeRows(length, heads * valueSize, 7, -1, 1),
      logs: makeRows(length, heads, 8, isSame ? 0 : -0.2, 0),
      rates: makeRows(length, heads, 9, isSame ? 1 : 0, isSame ? 1 : 2),
    };
    const unit = (row: Float64Array | undefined, from: number) => {
      const part = (row ?? new Float64Array()).subarray(from, from + keySize);
      const norm = Math.sqrt(part.reduce((sum, value) => sum + value * value, 1e-6));
      return part.map((value) => value / norm);
    };
    const expected: number[] = [];
    for (let batch = 0; batch < BATCH; batch++) {
      const held = new Float64Array(heads * keySize * valueSize);
      for (let token = batch * length; token < (batch + 1) * length; token++) {
        for (let head = 0; head < heads; head++) {
          const from = Math.floor(head / members) * keySize;
          const [key, query] = [unit(inputs.keys[token], from), unit(inputs.queries[token], from)];
          const left = Math.exp(at(inputs.logs[token], head));
          for (let column = 0; column < valueSize; column++) {
            const cell = (row: number) => (head * keySize + row) * valueSize + column;
            let said = 0;
            for (let row = 0; row < keySize; row++) said += at(key, row) * left * at(held, cell(row));
            const change =
              at(inputs.rates[token], head) * (at(inputs.values[token], head * valueSize + column) - said);
            let read = 0;
            for (let row = 0; row < keySize; row++) {
              held[cell(row)] = left * at(held, cell(row)) + at(key, row) * change;
              read += at(query, row) * at(held, cell(row));
            }
            expected.push(read / Math.sqrt(keySize));
          }
        }
      }
    }
    const actual = await run(length, inputs, (scope, values) =>
      deltaRule(scope, values, { groups, members, keySize, valueSize }),
    );
    expect(worst(actual, expected)).toBeLessThan(2e-5);
  });

  it('recurrence', async () => {
    const width = 3;
    const inputs = { left: makeRows(length, width, 10, 0, 1), added: makeRows(length, width, 11, -1, 1) };
    const expected: number[] = [];
    for (let batch = 0; batch < BATCH; batch++) {
      const held = new Float64Array(width);
      for (let token = batch * length; token < (batch + 1) * length; token++) {
        held.forEach((value, index) => {
          held[index] = at(inputs.left[token], index) * value + at(inputs.added[token], index);
        });
        expected.push(...held);
      }
    }
    const actual = await run(length, inputs, (scope, { left, added }) =>
      recurrence(scope, left, added, width),
    );
    expect(worst(actual, expected)).toBeLessThan(2e-6);
  });
});
