/** Whether the begin-of-text token stands before each prompt; `auto`: as the tokenizer itself does. */
export const PREPEND_BOS = ['auto', 'always', 'never'] as const;
export type PrependBos = (typeof PREPEND_BOS)[number];
