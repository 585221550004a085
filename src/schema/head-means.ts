/** The file of a model that holds what each of its heads reads on average over the atlas's prompts. */
export const HEAD_MEANS = 'head-means.json';

/** What the heads of one layer read on average, `[heads, size]`. */
export interface LayerMeans {
  readonly layer: number;
  readonly values: readonly number[];
}
