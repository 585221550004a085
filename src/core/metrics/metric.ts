import {
  inputsOf,
  type Inputs,
  type KnownInputs,
  type MetricInput,
  type ModelInput,
  type Source,
} from '../inputs.ts';

/** What pages group metrics by. */
type MetricGroup = 'position' | 'content' | 'shape' | 'prompts' | 'detectors';

interface MetricText {
  /** In addresses, the config and queries: kebab-case, never changed. */
  readonly name: string;
  readonly title: string;
  /**
   * What it looks at: where in the text attention goes (`position`), to which tokens (`content`), how it is spread
   * (`shape`), how it holds over many prompts (`prompts`), or what another program measures (`detectors`).
   */
  readonly group: MetricGroup;
  /** Raised when the metric comes to give other values, so that stored ones are computed again; 1 if left out. */
  readonly version?: number | string;
  /** Every value lies in it; the pipeline stops on one that does not. */
  readonly range: readonly [least: number, greatest: number];
  /** One sentence: what a large value means. */
  readonly reading: string;
  /** In words and plain mathematics, with A[i, j] for query i and key j. */
  readonly formula: string;
  readonly source: Source;
  /** Where a large or small value does not mean what one thinks. */
  readonly misleads: string;
}

/** A number that says how strongly a head shows one behaviour on one prompt. */
export interface PatternMetric<Name extends MetricInput = MetricInput> extends MetricText {
  readonly scope: 'pattern';
  /** What it looks at. Where one of them is missing, the metric is not available. */
  readonly inputs: readonly Name[];
  /** The value, or null where the prompt or pattern says nothing about it (such as no repeated token). */
  compute(input: Inputs<Name>): number | null;
}

/** Prompts that a metric looks at: those of the atlas, or random tokens that come twice, which the pipeline adds. */
type MetricPrompts = 'atlas' | 'repeated-tokens';

/** What a metric over many prompts keeps of one of them: a few numbers, all finite. */
export type Observation = readonly number[];

interface OverPrompts {
  readonly prompts: MetricPrompts;
  /** The value from what was kept of every prompt (at least one), or null where that says nothing. */
  compute(observations: readonly Observation[]): number | null;
}

/** A number about a head on many prompts at once. */
export interface HeadMetric<Name extends MetricInput = MetricInput> extends MetricText, OverPrompts {
  readonly scope: 'head';
  readonly inputs: readonly Name[];
  /** What is to be kept of one prompt; null leaves the prompt out. */
  observe(input: Inputs<Name>): Observation | null;
}

/** A number about a whole model. */
export interface ModelMetric<Name extends ModelInput = ModelInput> extends MetricText, OverPrompts {
  readonly scope: 'model';
  readonly inputs: readonly Name[];
  observe(input: Inputs<Name>): Observation | null;
}

/** A pure function of its declared inputs. */
export type Metric = PatternMetric | HeadMetric | ModelMetric;

/**
 * The value of `metric` on one prompt, checked; null where it is not defined or an input is missing.
 *
 * @throws RangeError when the metric breaks its own declaration
 */
export function measure(metric: PatternMetric, known: KnownInputs): number | null {
  const input = inputsOf(metric.inputs, known);
  return input === undefined ? null : checked(metric, metric.compute(input));
}

/**
 * What `metric` keeps of one prompt, checked; null where it keeps nothing or an input is missing.
 *
 * @throws RangeError when a number in it is not finite
 */
export function observe(metric: HeadMetric | ModelMetric, known: KnownInputs): Observation | null {
  const input = inputsOf<MetricInput>(metric.inputs, known);
  const observation = input === undefined ? null : metric.observe(input);
  if (observation?.every(Number.isFinite) === false) {
    throw new RangeError(`Metric ${metric.name} kept ${observation.join(', ')}, which are not all numbers`);
  }
  return observation;
}

/**
 * The value of `metric` over prompts, checked; null where no prompt says anything about it.
 *
 * @throws RangeError when the metric breaks its own declaration
 */
export function measureOver(
  metric: HeadMetric | ModelMetric,
  observations: readonly Observation[],
): number | null {
  return observations.length === 0 ? null : checked(metric, metric.compute(observations));
}

function checked({ name, range }: MetricText, value: number | null): number | null {
  if (value === null) return null;
  const [least, greatest] = range;
  const slack = 1e-5 * (greatest - least); // sums of float32 probabilities pass 1 by a rounding error
  if (!(value >= least - slack && value <= greatest + slack)) {
    throw new RangeError(`Metric ${name} gave ${value}, outside its range ${least}..${greatest}`);
  }
  return Math.min(greatest, Math.max(least, value));
}
