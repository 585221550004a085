import { withinOne } from '../../src/core/check-rows.ts';
import type { HeadMatrix, KnownInputs } from '../../src/core/inputs.ts';
import type { MatrixInput } from '../../src/core/matrix-inputs.ts';
import { selectMetrics } from '../../src/core/metrics/index.ts';
import { measure, observe, type Metric, type Observation } from '../../src/core/metrics/metric.ts';
import type { OwnBundle } from '../own/bundle-file.ts';
import { describeThrown, importMetrics } from '../own/import-bundle.ts';
import { stackArrays, withStoredPatterns, type StoredPatterns } from './read-patterns.ts';

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
  /** Of those among them that are of the user's own files. */
  readonly own: readonly OwnBundle[];
  /** Of the prompt; inputs of a head are added to it. */
  readonly known: Pick<KnownInputs, 'ids' | 'tokens' | 'places' | 'tokenLoss'>;
  /** By head, in the order of the pack. */
  readonly valueNorms?: readonly (Float32Array | undefined)[];
  /** Files of what holds a matrix of each head. */
  readonly matrices?: Readonly<Partial<Record<MatrixInput, string>>>;
  /** Rows of another program may sum to a little more than 1. */
  readonly isImported: boolean;
}

/** A metric that threw, or gave what it may not, on one head or more of a prompt. */
export interface FailedMeasure {
  readonly name: string;
  /** The first head's place in the pack; undefined for the model as a whole. */
  readonly place: number | undefined;
  readonly reason: string;
  /** Heads that it failed on besides. */
  readonly others: number;
}

/**
 * Measures every head of a prompt's patterns at full precision.
 *
 * @returns the measures of the metrics that did not fail on any head, and those that did
 */
export function measurePatterns(stored: StoredPatterns, request: MeasureRequest): Promise<Measurement> {
  return withMatrices(Object.entries(request.matrices ?? {}), {}, (matrices) =>
    measureWith(stored, request, matrices),
  );
}

interface Measurement {
  readonly measures: Measures;
  readonly failed: readonly FailedMeasure[];
}

type Matrices = Readonly<Partial<Record<MatrixInput, readonly HeadMatrix[]>>>;

/** Opens the files, each while those behind it are open. */
async function withMatrices<T>(
  [first, ...rest]: readonly (readonly [name: string, path: string])[],
  opened: Matrices,
  use: (matrices: Matrices) => Promise<T>,
): Promise<T> {
  if (first === undefined) return use(opened);
  const [name, path] = first;
  return withStoredPatterns(path, (file) => {
    const matrices = Array.from(file.heads(), ({ pattern }) => pattern);
    return withMatrices(rest, { ...opened, [name]: matrices }, use);
  });
}

async function measureWith(
  stored: StoredPatterns,
  { metrics: names, own, known, valueNorms, isImported }: MeasureRequest,
  { scores, logitEffects }: Matrices,
): Promise<Measurement> {
  const results = selectMetrics(names, await importMetrics(own)).map((metric) => {
    const measured: (number | Observation | null)[] = [];
    const thrown: { readonly place: number; readonly error: unknown }[] = [];
    const add = (place: number, input: KnownInputs) => {
      try {
        measured.push(metric.scope === 'pattern' ? measure(metric, input) : observe(metric, input));
      } catch (error) {
        thrown.push({ place, error });
      }
    };
    return { metric, measured, thrown, add };
  });
  const ofHeads = results.filter(({ metric }) => metric.scope !== 'model');
  const ofModels = results.filter(({ metric }) => metric.scope === 'model');
  // Head by head: large patterns are not all in memory at once.
  const patterns = Array.from(stored.heads(), ({ pattern }) => pattern);
  const looksAtStack = results.some(({ metric }) => metric.inputs.some((input) => input === 'stack'));
  const stacks = looksAtStack ? stackArrays(isImported ? patterns.map(withinOne) : patterns, stored) : [];
  const positions = positionsIn(stored);
  for (const [place, pattern] of ofHeads.length > 0 ? patterns.entries() : []) {
    const norms = valueNorms?.[place];
    const { at = 0, ...position } = positions[place] ?? { layer: 0, head: 0 };
    const stack = stacks[at];
    const input: KnownInputs = {
      ...known,
      pattern: isImported ? withinOne(pattern) : pattern,
      position,
      ...(stack && { stack }),
      ...(norms && { valueNorms: norms }),
      ...(scores?.[place] && { scores: scores[place] }),
      ...(logitEffects?.[place] && { logitEffects: logitEffects[place] }),
    };
    for (const { add } of ofHeads) add(place, input);
  }
  // A model is judged by its first stack.
  for (const { add } of ofModels) add(0, { ...known, ...(stacks[0] && { stack: stacks[0] }) });
  return {
    measures: Object.fromEntries(
      results.flatMap(({ metric, measured, thrown }) =>
        thrown.length === 0 ? [[measureName(metric), measured]] : [],
      ),
    ),
    failed: results.flatMap(({ metric: { name, scope }, thrown }) => {
      const [first] = thrown;
      if (first === undefined) return [];
      const place = scope === 'model' ? undefined : first.place;
      return [{ name, place, reason: describeThrown(first.error, own), others: thrown.length - 1 }];
    }),
  };
}

/** Of each head of a pack: its stack's place among the stacks, its layer's among those of the stack, and the head. */
function positionsIn({ pack }: StoredPatterns) {
  return pack.header.stacks.flatMap(({ layers, heads }, at) =>
    layers.flatMap((_, layer) => Array.from({ length: heads }, (__, head) => ({ at, layer, head }))),
  );
}
