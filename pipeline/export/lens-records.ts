import type { ModelRecord } from '../../src/schema/records.ts';
import { describeModel } from '../stages/describe-model.ts';
import type { Job, ModelAtHand } from '../stages/plan.ts';

/**
 * `model_cfg.json` as pattern-lens reads it: the keys of TransformerLens's config that are known here. Its viewer and
 * its figures need `model_name`, `n_layers`, `n_heads`; its tables show `d_model`.
 *
 * @param stacks of one of its jobs, the first of which is the one that is counted
 */
export function lensConfig(model: ModelAtHand, { stacks }: Pick<Job, 'stacks'>): Record<string, unknown> {
  const { id, hiddenSize, vocabularySize, context, dtype, parameters, imported, prependsBos } =
    describeModel(model);
  const [stack] = stacks;
  return present({
    model_name: id,
    n_layers: stack === undefined ? 0 : Math.max(...stack.layers) + 1,
    n_heads: stack?.heads ?? 0,
    d_model: hiddenSize,
    d_vocab: vocabularySize,
    n_ctx: context ?? undefined,
    n_params: imported?.hiddenWeights ?? parameters,
    dtype,
    original_architecture: architectureOf(model, imported),
    tokenizer_name: imported?.tokenizer,
    positional_embedding_type: imported?.positions,
    normalization_type: imported?.normalization,
    attention_dir: stack?.layout.kind === 'causal' ? 'causal' : 'bidirectional',
    default_prepend_bos: prependsBos,
  });
}

/**
 * A row of `prompts.jsonl`, and `prompt.json`. Like pattern-lens, it lists no begin-of-text token, so that patterns
 * have a row more than there are tokens.
 *
 * @param maxError of the exported values, named where it is not 0
 */
export function lensPrompt({ prompt, tokenized, model }: Job, maxError: number): Record<string, unknown> {
  const special = (tokenized.offsets ?? []).filter(([start, end]) => start === end).length;
  const dropsFirst = model.prependsBos && special === 1 && tokenized.offsets?.[0]?.[1] === 0;
  const tokens = tokenized.tokens.slice(dropsFirst ? 1 : 0);
  return {
    text: prompt.text,
    title: prompt.title,
    meta: prompt.meta,
    hash: prompt.id,
    ...(tokenized.isNumbered !== true && { n_tokens: tokens.length, tokens }),
    ...(maxError > 0 && { max_error: maxError }),
  };
}

function architectureOf(model: ModelAtHand, imported: ModelRecord['imported']): unknown {
  if (model.kind === 'imported') return imported?.architecture;
  const { architectures } = model.checkpoint.config;
  return Array.isArray(architectures) ? (architectures as unknown[])[0] : undefined;
}

function present(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
