import type { HeadRecord, PromptRecord } from '../schema/records.ts';
import { paths } from '../schema/urls.ts';

/** A prompt on which a head shows what a metric measures. */
export interface Showcase {
  readonly prompt: string;
  /** The metric's value there. */
  readonly value: number;
}

/** Shorter prompts give a pattern of a few large squares, in which there is little to see. */
const LEAST_TOKENS = 20;

const memory = new WeakMap<readonly PromptRecord[], ReadonlyMap<string, Showcase>>();

/**
 * The prompt that shows best what `metric` says of `head`: the one with its largest value among those of 20 tokens
 * and more on which it is among its model's strongest, or else the one with its largest value of all; of a metric over
 * prompts, the one that shows what the head is known for. Undefined where the head has no value.
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
    found.get(`${head.id} ${metric}`) ?? (prompt === undefined ? undefined : { prompt, value: summary.max })
  );
}

/** The prompt with the largest value of the metric by which a head stands highest. */
function promptOf(head: HeadRecord): string | undefined {
  return Object.values(head.metrics)
    .filter((summary) => summary?.highest !== undefined)
    .sort((a, b) => (a?.rank ?? 0) - (b?.rank ?? 0))[0]?.highest;
}

function collect(prompts: readonly PromptRecord[]): Map<string, Showcase> {
  const best = new Map<string, Showcase>();
  for (const { id, models } of prompts) {
    for (const { model, tokens, strongest } of models) {
      if (tokens < LEAST_TOKENS) continue;
      for (const [metric, heads] of Object.entries(strongest)) {
        for (const { stack, layer, head, value } of heads) {
          const key = `${paths.head({ model, stack, layer, head }).slice(1, -1)} ${metric}`;
          if (value > (best.get(key)?.value ?? -Infinity)) best.set(key, { prompt: id, value });
        }
      }
    }
  }
  return best;
}
