import { findHeads } from '../src/core/query/find-heads.ts';
import { parseQuery } from '../src/core/query/parse-query.ts';
import { random } from '../tests/unit/random.ts';

declare global {
  interface Window {
    /** Milliseconds of each of 22 runs of a query. */
    timesOf: (query: string) => number[];
  }
}

const COUNT = 100_000;
const names = Array.from({ length: 21 }, (_, at) => `metric-${at}`);
const numbers = random(7);
const columns = {
  count: COUNT,
  models: [{ id: 'm', name: 'm', family: 'gpt2' }],
  stacks: ['self' as const],
  model: new Uint16Array(COUNT),
  stack: new Uint8Array(COUNT),
  layer: Uint16Array.from({ length: COUNT }, (_, at) => at % 48),
  head: Uint16Array.from({ length: COUNT }, (_, at) => at % 25),
  metrics: new Map(names.map((name) => [name, Float32Array.from({ length: COUNT }, () => numbers.next())])),
};

window.timesOf = (text) =>
  Array.from({ length: 22 }, () => {
    const start = performance.now();
    const parsed = parseQuery(text, names);
    if (!parsed.ok) throw new Error(`The query ${text} cannot be read`);
    findHeads(columns, { query: parsed.query, model: '', sort: 'metric-5', isAscending: false });
    return performance.now() - start;
  });
