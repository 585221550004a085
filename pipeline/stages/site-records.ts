import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Metric } from '../../src/core/metrics/metric.ts';
import { checkRecord } from '../../src/schema/check-record.ts';
import {
  atlasRecordSchema,
  COLLECTION_FILES,
  headRecordSchema,
  modelRecordSchema,
  promptRecordSchema,
  RECORDS_VERSION,
  type AtlasRecord,
  type HeadRecord,
  type ModelRecord,
  type PromptRecord,
} from '../../src/schema/records.ts';
import { siteIndexSchema, type SiteIndex } from '../../src/schema/site-index.ts';
import type { LoadedConfig } from '../load-config.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { toolVersions } from '../versions.ts';
import type { ModelAtHand } from './plan.ts';
import type { ModelSketches } from './sketches.ts';
import { headRecords, modelRecord, promptRecord, type FinishedJob, type ProbeMeasures } from './records.ts';

/** Everything that a build made, ready to be shown. */
export interface Harvest {
  readonly loaded: LoadedConfig;
  /** Of the config, and of imported folders. */
  readonly sets: readonly Omit<AtlasRecord['sets'][number], 'prompts'>[];
  readonly metrics: readonly Metric[];
  readonly prompts: readonly Prompt[];
  /** At least one. */
  readonly finished: readonly FinishedJob[];
  readonly probes: ProbeMeasures;
  readonly sketches: ReadonlyMap<ModelAtHand, ModelSketches>;
  /** The largest error of a value in any pack. */
  readonly maxError: number;
  /** The models that are shipped to visitors, and what for each. */
  readonly live: ReadonlyMap<ModelAtHand, ModelRecord['live']>;
}

/** The text of each file of the site's collections, checked against its schema, and of the islands' index. */
export interface SiteRecords {
  /** By file name, `atlas.json` last: it names the digests of the others, so a reader trusts them once it is there. */
  readonly collections: ReadonlyMap<string, string>;
  readonly index: string;
}

/**
 * Writes down what the site shows.
 *
 * @throws AtlasError `record-invalid` when a record does not fit its own schema: a defect, caught before the site
 *   shows it
 */
export function siteRecords(harvest: Harvest): SiteRecords {
  const { metrics, finished, probes, sketches, live } = harvest;
  const byModel = [...Map.groupBy(finished, ({ job }) => job.model)];
  const models = byModel.map(([model, entries]) =>
    modelRecord(model, entries, probes, metrics, { sketches: sketches.get(model), live: live.get(model) }),
  );
  const heads = headRecords(finished, probes, metrics, sketches);
  const byPrompt = Map.groupBy(finished, ({ job }) => job.prompt);
  const prompts = [...byPrompt].map(([prompt, entries]) => promptRecord(prompt, entries, metrics));

  const texts = {
    models: checkedJson('models', z.array(modelRecordSchema), models),
    heads: checkedJson('heads', z.array(headRecordSchema), heads),
    prompts: checkedJson('prompts', z.array(promptRecordSchema), prompts),
  };
  const atlas = atlasRecord(harvest, { models, heads, prompts }, texts);
  return {
    collections: new Map([
      [COLLECTION_FILES.models, texts.models],
      [COLLECTION_FILES.heads, texts.heads],
      [COLLECTION_FILES.prompts, texts.prompts],
      [COLLECTION_FILES.atlas, checkedJson('atlas', atlasRecordSchema, atlas)],
    ]),
    index: checkedJson('index', siteIndexSchema, siteIndex(models, prompts)),
  };
}

interface Records {
  readonly models: readonly ModelRecord[];
  readonly heads: readonly HeadRecord[];
  readonly prompts: readonly PromptRecord[];
}

function atlasRecord(
  { loaded: { config }, sets, maxError }: Harvest,
  { models, heads, prompts }: Records,
  texts: Readonly<Record<keyof AtlasRecord['collections'], string>>,
): AtlasRecord {
  const patterns = prompts
    .flatMap((prompt) => prompt.models)
    .reduce((sum, { plate }) => sum + plate.tiles.length, 0);
  const series = Map.groupBy(
    models.filter((model) => model.series !== undefined),
    (model) => model.series?.name ?? '',
  );
  return {
    version: RECORDS_VERSION,
    title: config.title,
    description: config.description,
    precision: config.packs.precision,
    maxError,
    sets: sets.flatMap(({ name, title, description }) => {
      const count = prompts.filter((prompt) => prompt.set === name).length;
      return count === 0 ? [] : [{ name, title, description, prompts: count }];
    }),
    series: [...series].map(([name, members]) => ({
      name,
      checkpoints: members.map(({ id, series: own }) => ({ model: id, step: own?.step ?? 0 })),
    })),
    figures: config.figures,
    metrics: config.metrics,
    counts: { models: models.length, heads: heads.length, prompts: prompts.length, patterns },
    collections: {
      models: hash('sha256', texts.models, 'hex'),
      heads: hash('sha256', texts.heads, 'hex'),
      prompts: hash('sha256', texts.prompts, 'hex'),
    },
    versions: toolVersions(),
  };
}

function siteIndex(models: readonly ModelRecord[], prompts: readonly PromptRecord[]): SiteIndex {
  return {
    version: 3,
    models: models.map(({ id, name, weightsSha256, imported, series, stacks }) => ({
      id,
      name,
      ...(weightsSha256 === undefined ? {} : { weightsSha256 }),
      ...(imported === undefined ? {} : { patternsSha256: imported.patternsSha256 }),
      ...(series === undefined ? {} : { series }),
      stacks: stacks
        .map(({ stack, heads, layers }) => ({
          stack,
          heads,
          layers: layers.filter((layer) => layer.hasPattern).map((layer) => layer.index),
        }))
        .filter(({ layers }) => layers.length > 0),
    })),
    prompts: prompts.map(({ id, set, title, models: on }) => ({
      id,
      set,
      title,
      models: on.map(({ model }) => model),
    })),
  };
}

function checkedJson<T>(collection: string, schema: Parameters<typeof checkRecord<T>>[1], value: T): string {
  checkRecord(collection, schema, value);
  return `${JSON.stringify(value)}\n`;
}
