import { encodeColumn, encodeIds, headColumn } from '../../src/core/search/columns.ts';
import type { StrongestMark } from '../../src/core/search/strongest-mark.ts';
import { headsOfModels } from '../../src/core/search/heads-of-models.ts';
import type { PromptRecord } from '../../src/schema/records.ts';
import type { SiteIndex } from '../../src/schema/site-index.ts';
import { assets, paths } from '../../src/schema/urls.ts';

/** The files by which the search sorts, by path below the site. */
interface Columns {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metrics: string[];
}

/** @param ids Pagefind's names of `prompts` */
export function columnsOf(
  prompts: readonly PromptRecord[],
  ids: readonly string[],
  models: SiteIndex['models'],
): Columns {
  const numbers = new Map(headsOfModels(models).map((head, number) => [paths.head(head), number]));
  const metrics = [
    ...new Set(prompts.flatMap((prompt) => prompt.models.flatMap(({ values }) => Object.keys(values)))),
  ];
  return {
    metrics,
    files: new Map([
      [assets.searchIds(), encodeIds(ids)],
      [
        assets.searchColumn('characters'),
        encodeColumn({ values: Float32Array.from(prompts, ({ characters }) => characters) }),
      ],
      ...metrics.map((metric): [string, Uint8Array] => [
        assets.searchColumn(metric),
        encodeColumn(
          headColumn(
            prompts.map((prompt) => {
              const best = strongestOf(prompt, metric);
              const head = best === undefined ? undefined : numbers.get(best.path);
              return best === undefined || head === undefined ? null : { value: best.value, head };
            }),
          ),
        ),
      ]),
    ]),
  };
}

/** The metric whose strongest head every result shows, where there is one. */
const USUAL_METRIC = 'induction';

/** The strongest head on a prompt by the usual metric, or by the first that the prompt has. */
export function usualStrongest(prompt: PromptRecord): StrongestMark | undefined {
  const names = Object.keys(prompt.models[0]?.values ?? {});
  const metric = names.includes(USUAL_METRIC) ? USUAL_METRIC : names[0];
  const best = metric === undefined ? undefined : strongestOf(prompt, metric);
  return best === undefined || metric === undefined ? undefined : { metric, ...best };
}

/** The head with the largest value of `metric` among those of all models. */
function strongestOf({ models }: PromptRecord, metric: string): { value: number; path: string } | undefined {
  let best: { value: number; path: string } | undefined;
  for (const { model, plate, values } of models) {
    for (const [index, value] of (values[metric] ?? []).entries()) {
      const tile = plate.tiles[index];
      if (tile !== undefined && value !== null && value > (best?.value ?? -Infinity))
        best = { value, path: paths.head({ model, ...tile }) };
    }
  }
  return best;
}
