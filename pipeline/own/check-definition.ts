import * as z from 'zod';
import type { Figure } from '../../src/core/figures/figure.ts';
import type { Metric } from '../../src/core/metrics/metric.ts';

const PATTERN_INPUTS = [
  'pattern',
  'ids',
  'tokens',
  'places',
  'valueNorms',
  'tokenLoss',
  'scores',
  'logitEffects',
  'mean',
  'stack',
  'position',
] as const;
/** Metrics are computed of one prompt after the other, before there is a mean. */
const METRIC_INPUTS = PATTERN_INPUTS.filter((name) => name !== 'mean');
const MODEL_INPUTS = ['stack', 'ids', 'tokens', 'tokenLoss'] as const;

const text = z.string().min(1);
const call = z.custom<(input: never) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
const source = z.object({ text, year: z.int(), url: z.url({ protocol: /^https?$/u }).optional() });

const described = {
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u, 'must be kebab-case, such as "entropy-band"'),
  title: text,
  reading: text,
  formula: text,
  misleads: text,
  source,
};

const figureKeys = {
  ...described,
  inputs: z.array(z.enum(PATTERN_INPUTS)).min(1),
  output: z.enum(['matrix', 'image', 'svg']),
  draw: call,
};
const figure = z.discriminatedUnion('scope', [
  z.object({
    ...figureKeys,
    scope: z.literal('pattern'),
    usualScale: z.enum(['linear', 'sqrt', 'log']).optional(),
  }),
  z.object({ ...figureKeys, scope: z.literal('head'), observe: call }),
]);

const metricKeys = {
  ...described,
  group: z.enum(['position', 'content', 'shape', 'prompts', 'detectors']),
  range: z
    .tuple([z.number(), z.number()])
    .refine(([least, greatest]) => least < greatest, 'must go from the least to the greatest value'),
  compute: call,
};
const overPrompts = { ...metricKeys, prompts: z.enum(['atlas', 'repeated-tokens']), observe: call };
const metric = z.discriminatedUnion('scope', [
  z.object({ ...metricKeys, scope: z.literal('pattern'), inputs: z.array(z.enum(METRIC_INPUTS)).min(1) }),
  z.object({ ...overPrompts, scope: z.literal('head'), inputs: z.array(z.enum(METRIC_INPUTS)).min(1) }),
  z.object({ ...overPrompts, scope: z.literal('model'), inputs: z.array(z.enum(MODEL_INPUTS)).min(1) }),
]);

type Checked<T> = { readonly definition: T } | { readonly problems: readonly string[] };

/** `value` if it is a figure, or what keeps it from being one: `field: reason` each. */
export function checkFigure(value: unknown): Checked<Figure> {
  return check<Figure>(figure, value, { kind: 'figure', other: metric, otherName: 'metric' });
}

/** `value` if it is a metric, or what keeps it from being one. */
export function checkMetric(value: unknown): Checked<Metric> {
  return check<Metric>(metric, value, { kind: 'metric', other: figure, otherName: 'figure' });
}

function check<T>(
  schema: z.ZodType,
  value: unknown,
  { kind, other, otherName }: { kind: string; other: z.ZodType; otherName: string },
): Checked<T> {
  if (value === undefined) return { problems: ['it has no default export'] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [`its default export is not an object with the fields of a ${kind}`] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { definition: value as T };
  if (other.safeParse(value).success)
    return { problems: [`it defines a ${otherName}; name it among the ${otherName}s`] };
  return {
    problems: parsed.error.issues.map((issue) => {
      const field = issue.path.join('.');
      return `${field}: ${field in value || issue.path.length > 1 ? issue.message : 'is missing'}`;
    }),
  };
}
