import { withinOne } from '../../src/core/check-rows.ts';
import type { KnownInputs } from '../../src/core/inputs.ts';
import { selectMetrics } from '../../src/core/metrics/index.ts';
import { measure, observe, type Metric, type Observation } from '../../src/core/metrics/metric.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { stackArrays, type StoredPatterns } from './read-patterns.ts';

/** What a metric found on one prompt: a value or what it keeps for each head, or for the model as a whole. */
export type Measured = readonly (number | Observation | null)[];

/** By `measureName`. An object of the store: it grows when metrics are added, and computes only those. */
export type Measures = Readonly<Record<string, Measured>>;

/** A metric and its version: what a stored measure goes by. */
export function measureName({ name, version = 1 }: Metric): string {
  return `${name}@${version}`;
}

/** The prompts that a metric looks at: those of the atlas, or the random tokens that were added. */
export function promptsOf(metric: Metric): 'atlas' | 'repeated-tokens' {
  return metric.scope === 'pattern' ? 'atlas' : metric.prompts;
}

/** The value of a metric of patterns for the head at `place` of a pack; null where there is none. */
export function valueAt(measured: Measured | undefined, place: number): number | null {
  const value = measured?.[place] ?? null;
  return typeof value === 'number' ? value : null;
}

/** What measuring one prompt takes beside its patterns; plain data, for it goes to another thread. */
export interface MeasureRequest {
  /** Names of metrics. */
  readonly metrics: readonly string[];
  /** Of the prompt; inputs of a head are added to it. */
  readonly known: Pick<KnownInputs, 'ids' | 'tokens' | 'places' | 'tokenLoss'>;
  /** By head, in the order of the pack. */
  readonly valueNorms?: readonly (Float32Array | undefined)[];
  /** Rows of another program may sum to a little more than 1. */
  readonly isImported: boolean;
}

/** Measures every head of a prompt's patterns at full precision. */
export function measurePatterns(
  stored: StoredPatterns,
  { metrics: names, known, valueNorms, isImported }: MeasureRequest,
): Measures {
  const metrics = selectMetrics(names);
  const patterns = Array.from(stored.heads(), ({ pattern }) => (isImported ? withinOne(pattern) : pattern));
  const entries = metrics.map((metric): [string, (number | Observation | null)[]] => [
    measureName(metric),
    [],
  ]);
  for (const [head, pattern] of patterns.entries()) {
    const norms = valueNorms?.[head];
    const ofHead: KnownInputs = { ...known, pattern, ...(norms && { valueNorms: norms }) };
    for (const [at, metric] of metrics.entries()) {
      if (metric.scope === 'model') continue;
      entries[at]?.[1].push(metric.scope === 'pattern' ? measure(metric, ofHead) : observe(metric, ofHead));
    }
  }
  for (const [at, metric] of metrics.entries()) {
    if (metric.scope === 'model') entries[at]?.[1].push(observe(metric, ofModel(known, patterns, stored)));
  }
  return Object.fromEntries(entries);
}

/** A model is judged by its first stack. */
function ofModel(known: KnownInputs, patterns: readonly Pattern[], stored: StoredPatterns): KnownInputs {
  return { ...known, ...(patterns.length > 0 && { stack: stackArrays(patterns, stored)[0] ?? [] }) };
}
