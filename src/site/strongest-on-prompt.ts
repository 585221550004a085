import type { PromptOnModel, PromptRecord } from '../schema/records.ts';
import type { HeadAddress } from '../schema/urls.ts';

/** A head and its value of a metric. */
export interface ValuedHead {
  readonly address: HeadAddress;
  readonly value: number;
}

/** The `count` heads of all models with the largest value of `metric` on a prompt, strongest first. */
export function strongestOnPrompt(prompt: PromptRecord, metric: string, count: number): ValuedHead[] {
  return prompt.models
    .flatMap((entry) => valuedHeads(entry, metric))
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}

function valuedHeads({ model, plate, values }: PromptOnModel, metric: string): ValuedHead[] {
  return plate.tiles.flatMap(({ stack, layer, head }, index) => {
    const value = values[metric]?.[index] ?? null;
    return value === null ? [] : [{ address: { model, stack, layer, head }, value }];
  });
}
