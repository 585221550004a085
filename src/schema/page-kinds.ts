/** Pages besides those of prompts that the search finds. */
export const PAGE_KINDS = ['note', 'figure', 'metric'] as const;
