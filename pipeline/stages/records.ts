import type { Metric } from '../../src/core/metrics/metric.ts';
import { laySheet } from '../../src/core/figures/contact-sheet.ts';
import { encodeSketch } from '../../src/core/relatives/sketch-text.ts';
import { HEAD_SKETCH_SIZE } from '../../src/core/relatives/pattern-space.ts';
import { thumbnailSize } from '../../src/core/thumbnail.ts';
import type { StackDescription } from '../../src/engine/architectures/architecture.ts';
import type {
  HeadRecord,
  ModelRecord,
  PromptOnModel,
  PromptRecord,
  Tokenization,
} from '../../src/schema/records.ts';
import { headFileName, paths } from '../../src/schema/urls.ts';
import { atlasError, type AtlasError } from '../../src/schema/errors/index.ts';
import type { OwnBundle } from '../own/bundle-file.ts';
import { describeThrown } from '../own/import-bundle.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { measureName, valueAt, type Measured, type Measures } from './measures.ts';
import { overPrompts, type MeasuredModel } from './over-prompts.ts';
import { describeModel } from './describe-model.ts';
import { layPlate } from './figure-images.ts';
import { headsOf, type HeadPosition, type Job, type ModelAtHand } from './plan.ts';
import type { ModelSketches } from './sketches.ts';
import { rank, rounded, summarize, summarizeOne, type UnrankedSummary } from './summarize.ts';

/** A job whose patterns, pack and measures are in the store. */
export interface FinishedJob {
  readonly job: Job;
  readonly measures: Measures;
  readonly packKey: string;
  readonly packBytes: number;
}

/** What was measured on the prompts that no page shows, by model. */
export type ProbeMeasures = ReadonlyMap<ModelAtHand, readonly Measures[]>;

/** The record of a model that `finished` (all of it, in the order of the prompts) are about. */
export function modelRecord(
  model: ModelAtHand,
  finished: readonly FinishedJob[],
  probes: ProbeMeasures,
  metrics: readonly Metric[],
  {
    sketches,
    live,
  }: { readonly sketches?: ModelSketches | undefined; readonly live?: ModelRecord['live'] } = {},
): ModelRecord {
  const jobs = finished.map(({ job }) => job);
  const measured = measuredModel(model, finished, probes);
  const sheet = laySheet(
    jobs.flatMap(({ stacks }) => stacks.slice(0, 1).map(({ layout }) => thumbnailSize(layout))),
  );
  return {
    ...describeModel(model),
    metrics: Object.fromEntries(
      metrics.flatMap((metric) => {
        if (metric.scope !== 'model') return [];
        const found = overPrompts(metric, measured, 0);
        return [[metric.name, found === null ? null : rounded(found.value)]];
      }),
    ),
    stacks: (model.kind === 'imported'
      ? model.stacks
      : model.checkpoint.description.stacks.map((entry) => stackRecord(entry, jobs))
    ).map((entry) => {
      const bundles = sketches?.bundles.get(entry.stack);
      return bundles === undefined ? entry : { ...entry, bundles: [...bundles] };
    }),
    ...(live === undefined ? {} : { live }),
    sheet: {
      width: sheet.width,
      height: sheet.height,
      tiles: sheet.tiles.map((tile, index) => ({ ...tile, prompt: jobs[index]?.prompt.id ?? '' })),
    },
  };
}

/** A stack that no prompt reaches (a decoder, where prompts hold no text for it) says so, and has no pages. */
function stackRecord(
  { stack, layout, heads, layers }: StackDescription,
  jobs: readonly Job[],
): ModelRecord['stacks'][number] {
  const isReached = jobs.some(({ stacks }) => stacks.some((shape) => shape.stack === stack));
  const reason = 'no prompt holds a text for the decoder';
  return {
    stack,
    layout,
    heads,
    layers: layers.map((layer) =>
      isReached || !layer.hasPattern ? layer : { ...layer, hasPattern: false, reason },
    ),
  };
}

/** The records of every head of every model, ranked among all of them. */
export function headRecords(
  finished: readonly FinishedJob[],
  probes: ProbeMeasures,
  metrics: readonly Metric[],
  sketches: ReadonlyMap<ModelAtHand, ModelSketches>,
): HeadRecord[] {
  const ofHeads = metrics.filter((metric) => metric.scope !== 'model');
  const rows = [...Map.groupBy(finished, ({ job }) => job.model)].flatMap(([model, jobs]) => {
    const measured = measuredModel(model, jobs, probes);
    return positions(jobs).map((position, index) => ({
      address: { model: model.source.id, ...position },
      sketch: sketchOf(sketches.get(model), index),
      summaries: headSummaries(jobs, measured, index, ofHeads),
    }));
  });
  const ranked = new Map(
    ofHeads.map(({ name }) => [name, rank(rows.map(({ summaries }) => summaries.get(name) ?? null))]),
  );
  return rows.map(({ address, sketch }, index) => ({
    id: paths.head(address).slice(1, -1),
    ...address,
    metrics: Object.fromEntries(ofHeads.map(({ name }) => [name, ranked.get(name)?.[index] ?? null])),
    ...(sketch === undefined ? {} : { sketch }),
  }));
}

function sketchOf(sketches: ModelSketches | undefined, place: number): string | undefined {
  const start = place * HEAD_SKETCH_SIZE;
  return sketches && encodeSketch(sketches.heads.subarray(start, start + HEAD_SKETCH_SIZE));
}

/**
 * The metrics over prompts that fail on what was kept of them, an error for each model and metric, at the first of its heads.
 * Their values are not available, and nothing of them is stored.
 *
 * @param bundles of the user's own metrics, by which an error finds its line
 */
export function failuresOverPrompts(
  finished: readonly FinishedJob[],
  probes: ProbeMeasures,
  metrics: readonly Metric[],
  bundles: readonly OwnBundle[],
): AtlasError[] {
  return [...Map.groupBy(finished, ({ job }) => job.model)].flatMap(([model, jobs]) => {
    const measured = measuredModel(model, jobs, probes);
    const heads = positions(jobs);
    return metrics.flatMap((metric) => {
      if (metric.scope === 'pattern') return [];
      const thrown: { readonly place: number; readonly error: unknown }[] = [];
      for (const place of metric.scope === 'model' ? [0] : heads.keys()) {
        overPrompts(metric, measured, place, (error) => thrown.push({ place, error }));
      }
      const [first] = thrown;
      if (first === undefined) return [];
      const head = metric.scope === 'model' ? undefined : heads[first.place];
      const reason = describeThrown(first.error, bundles);
      return atlasError(
        'metric-failed',
        { name: metric.name, reason, others: thrown.length - 1 },
        { model: model.source.name, ...(head && { head: headFileName(head) }) },
      );
    });
  });
}

function measuredModel(
  model: ModelAtHand,
  finished: readonly FinishedJob[],
  probes: ProbeMeasures,
): MeasuredModel {
  return { atlas: finished.map(({ measures }) => measures), probes: probes.get(model) ?? [] };
}

function positions(jobs: readonly FinishedJob[]): HeadPosition[] {
  return jobs[0] === undefined ? [] : headsOf(jobs[0].job);
}

function headSummaries(
  jobs: readonly FinishedJob[],
  measured: MeasuredModel,
  headIndex: number,
  metrics: readonly HeadwiseMetric[],
): Map<string, UnrankedSummary | null> {
  return new Map(
    metrics.map((metric) => {
      if (metric.scope === 'head') {
        const found = overPrompts(metric, measured, headIndex);
        return [metric.name, found === null ? null : summarizeOne(metric, found)];
      }
      const values = jobs.flatMap(({ job, measures }) => {
        const value = valueAt(measures[measureName(metric)], headIndex);
        return value === null ? [] : [{ prompt: job.prompt.id, value }];
      });
      return [metric.name, summarize(metric, values)];
    }),
  );
}

/** A metric that heads are told apart by. */
type HeadwiseMetric = Exclude<Metric, { scope: 'model' }>;

/** The record of `prompt`, which `finished` (one entry a model) are about. */
export function promptRecord(
  prompt: Prompt,
  finished: readonly FinishedJob[],
  metrics: readonly Metric[],
): PromptRecord {
  return {
    id: prompt.id,
    set: prompt.set,
    title: prompt.title,
    text: prompt.text,
    characters: [...prompt.text].length,
    meta: structuredClone(prompt.meta) as PromptRecord['meta'],
    tokenizations: tokenizations(finished.map(({ job }) => job)),
    models: finished.map((entry) => promptOnModel(entry, metrics)),
  };
}

/** The distinct cuts of a prompt into tokens, each with the models that make it. */
function tokenizations(jobs: readonly Job[]): Tokenization[] {
  const byCut = Map.groupBy(jobs, ({ tokenized }) => JSON.stringify([tokenized.tokens, tokenized.offsets]));
  return [...byCut.values()].flatMap((same) => {
    const first = same[0];
    if (first === undefined) return [];
    const { tokens, offsets } = first.tokenized;
    return [
      {
        models: same.map(({ model }) => model.source.id),
        tokens: [...tokens],
        ...(offsets && { offsets: offsets.map(([start, end]): [number, number] => [start, end]) }),
      },
    ];
  });
}

function promptOnModel({ job, measures, packBytes }: FinishedJob, metrics: readonly Metric[]): PromptOnModel {
  const heads = headsOf(job);
  const plate = layPlate(job);
  return {
    model: job.model.source.id,
    tokens: job.tokenized.ids.length,
    packBytes,
    plate: {
      width: plate.width,
      height: plate.height,
      tiles: heads.flatMap((head, index) => {
        const tile = plate.tiles[index];
        return tile === undefined ? [] : [{ ...tile, ...head }];
      }),
    },
    values: Object.fromEntries(
      metrics
        .filter(({ scope }) => scope === 'pattern')
        .map((metric) => [metric.name, values(heads.length, measures[measureName(metric)] ?? [])]),
    ),
  };
}

function values(heads: number, measured: Measured): (number | null)[] {
  return Array.from({ length: heads }, (_, index) => {
    const value = valueAt(measured, index);
    return value === null ? null : rounded(value);
  });
}
