import type { ComputedJob, TokenizedPrompt } from './plan.ts';

/** Prompts a model is given. */
const PROMPTS = 4;
/** Random tokens of one round, as in the paper on induction heads. */
const ROUND = 25;
/** Fewer tell nothing. */
const LEAST_ROUND = 4;
/** Where special tokens and the rarest pieces stand in vocabularies: the share at each end that is left out. */
const MARGIN = 0.05;
const ID_START = 'repeated-tokens-';

/** Whether a prompt's id is that of a prompt that no page shows. */
export function isProbeId(prompt: string): boolean {
  return prompt.startsWith(ID_START);
}

/**
 * The prompts of random tokens that come twice, which metrics of `repeated-tokens` look at: the same ones in every run.
 * None for a model that does not read causally, or whose context is too short.
 *
 * @param model the jobs of one model, at least one
 * @param jobOf a job of the model on a prompt
 */
export function probeJobs(
  [first]: readonly ComputedJob[],
  jobOf: (model: ComputedJob['model'], id: string, tokenized: TokenizedPrompt) => ComputedJob,
): ComputedJob[] {
  if (first === undefined) return [];
  const { model, tokenized, stacks } = first;
  const { vocabularySize, context } = model.checkpoint.description;
  const start = model.prependsBos ? tokenized.ids.slice(0, 1) : [];
  const round = Math.min(ROUND, Math.floor(((context ?? Infinity) - start.length) / 2));
  if (stacks[0]?.layout.kind !== 'causal' || round < LEAST_ROUND) return [];
  const least = Math.floor(vocabularySize * MARGIN);
  const bound = Math.max(1, vocabularySize - 2 * least);
  return Array.from({ length: PROMPTS }, (_, number) => {
    const next = generator(number + 1);
    const ids = Array.from({ length: round }, () => least + (next() % bound));
    const all = [...start, ...ids, ...ids];
    const tokens = all.map((id) => `#${id}`);
    const offsets = all.map((): [number, number] => [0, 0]);
    return jobOf(model, `${ID_START}${String(number).padStart(6, '0')}`, { ids: all, tokens, offsets });
  });
}

/** Whole numbers of 32 bits from a seed (Marsaglia's xorshift). */
function generator(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
