import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

/**
 * Keeps what a gate has above the quantile of a normal distribution of its mean and spread (Gemma 3n), and nothing else.
 *
 * @param share of the cells that become 0, 0..1
 */
export function sparseGate(graph: GraphBuilder, x: Value, share: number): Value {
  if (share <= 0) return x;
  const centred = graph.subtract(x, graph.mean(x));
  const spread = graph.op('Sqrt', [graph.mean(graph.multiply(centred, centred))]);
  return graph.op('Relu', [graph.subtract(centred, graph.scale(spread, normalQuantile(share)))]);
}

/** Where the distribution function of the standard normal distribution reaches `share`, by halving. */
function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** 1/2 + density(x) (x + x³/3 + x⁵/15 + ...) */
function normalDistribution(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; odd < 400; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
