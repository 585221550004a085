import type { PromptRecord } from '../../schema/records.ts';

/** Prompts on one page of the list. */
const PER_PAGE = 50;

/** The prompts of each page of the list, at least one page. */
export function promptPages(prompts: readonly PromptRecord[]): PromptRecord[][] {
  const count = Math.max(1, Math.ceil(prompts.length / PER_PAGE));
  return Array.from({ length: count }, (_, page) => prompts.slice(page * PER_PAGE, (page + 1) * PER_PAGE));
}
