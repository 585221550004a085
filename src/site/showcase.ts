import type { HeadRecord, PromptRecord } from '../schema/records.ts';
import { paths } from '../schema/urls.ts';

/** A prompt on which a head shows what a metric measures. */
export interface Showcase {
  readonly prompt: string;
  /** The metric's value there. */
  readonly value: number;
}

/** By the record id of a head, then by metric. */
type Found = ReadonlyMap<string, ReadonlyMap<string, Showcase>>;

/** Shorter prompts give a pattern of a few large squares, in which there is little to see. */
const LEAST_TOKENS = 20;

const memory = new WeakMap<readonly PromptRecord[], Found>();

/**
 * The prompt that shows best what `metric` says of `head`: the one with its largest value among those of 20 tokens
 * and more, or else the one with its largest value of all; of a metric over prompts, the one that shows what the head
 * is known for. Undefined where the head has no value.
 */
export function showcase(
  prompts: readonly PromptRecord[],
  head: HeadRecord,
  metric: string,
): Showcase | undefined {
  const found = memory.get(prompts) ?? collect(prompts);
  memory.set(prompts, found);
  const summary = head.metrics[metric];
  if (summary == null) return undefined;
  const prompt = summary.highest ?? promptOf(head);
  return (
    found.get(head.id)?.get(metric) ?? (prompt === undefined ? undefined : { prompt, value: summary.max })
  );
}

/** The prompt with the largest value of the metric by which a head stands highest. */
function promptOf(head: HeadRecord): string | undefined {
  return Object.values(head.metrics)
    .filter((summary) => summary?.highest !== undefined)
    .sort((a, b) => (a?.rank ?? 0) - (b?.rank ?? 0))[0]?.highest;
}

function collect(prompts: readonly PromptRecord[]): Found {
  const best = new Map<string, Map<string, Showcase>>();
  for (const { id, models } of prompts) {
    for (const { model, tokens, plate, values } of models) {
      if (tokens < LEAST_TOKENS) continue;
      for (const [index, tile] of plate.tiles.entries()) {
        const head = paths.head({ model, ...tile }).slice(1, -1);
        const own = best.get(head) ?? new Map<string, Showcase>();
        best.set(head, own);
        for (const [metric, all] of Object.entries(values)) {
          const value = all[index] ?? null;
          if (value !== null && value > (own.get(metric)?.value ?? -Infinity))
            own.set(metric, { prompt: id, value });
        }
      }
    }
  }
  return best;
}
