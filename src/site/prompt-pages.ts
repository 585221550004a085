import type { PromptRecord } from '../schema/records.ts';

/** Prompts on one page of the list. */
const PER_PAGE = 30;

/** Prompts of one set that stand on one page of the list. */
export interface SetOnPage {
  readonly set: string;
  readonly prompts: readonly PromptRecord[];
}

/** How many pages the list of `prompts` has; at least one. */
export function promptPageCount(prompts: readonly PromptRecord[]): number {
  return Math.max(1, Math.ceil(prompts.length / PER_PAGE));
}

/** What stands on page `page` (1 or more) of the list, set by set, in the atlas's order. */
export function promptPage(prompts: readonly PromptRecord[], page: number): SetOnPage[] {
  const shown = prompts.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return [...Map.groupBy(shown, ({ set }) => set)].map(([set, members]) => ({ set, prompts: members }));
}

/** The page on which a set begins. */
export function firstPageOfSet(prompts: readonly PromptRecord[], set: string): number {
  const first = prompts.findIndex((prompt) => prompt.set === set);
  return first < 0 ? 1 : Math.floor(first / PER_PAGE) + 1;
}
