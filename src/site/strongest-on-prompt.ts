import type { PromptOnModel, PromptRecord } from '../schema/records.ts';
import type { HeadAddress } from '../schema/urls.ts';

/** A head and its value of a metric. */
export interface ValuedHead {
  readonly address: HeadAddress;
  readonly value: number;
}

/**
 * The heads of all models with the largest value of `metric` on a prompt, strongest first. Each model's record names
 * its own few strongest, so the first `count` of all are right as long as `count` is no larger than what those name.
 */
export function strongestOnPrompt(prompt: PromptRecord, metric: string, count: number): ValuedHead[] {
  return prompt.models
    .flatMap((entry) => strongestOfModel(entry, metric))
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}

function strongestOfModel({ model, strongest }: PromptOnModel, metric: string): ValuedHead[] {
  return (strongest[metric] ?? []).map(({ stack, layer, head, value }) => ({
    address: { model, stack, layer, head },
    value,
  }));
}
