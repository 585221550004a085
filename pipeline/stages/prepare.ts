import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenizePrompt } from '../../src/engine/tokenizers/tokenize-prompt.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../checkpoint/read-tokenizer.ts';
import type { ModelSource } from '../load-config.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { checkReadsText } from '../runtime/check-input.ts';
import type { AtlasError } from '../../src/schema/errors/index.ts';
import { patternInputs, patternsKey } from './pattern-inputs.ts';
import { probeJobs } from './probe-prompts.ts';
import type { CheckpointModel, ComputedJob, StackShape, TokenizedPrompt } from './plan.ts';
import { promptError } from './stage-context.ts';

/**
 * Reads a model's files, tokenizes the prompts, and names the outputs.
 *
 * @param device of onnxruntime, not `auto`
 * @param failures gets the errors of single prompts; without it they are thrown
 * @returns one job a prompt that did not fail, in their order
 * @throws AtlasError of the checkpoint or its tokenizer
 */
export async function prepareModel(
  source: ModelSource,
  prompts: readonly Prompt[],
  device: string,
  failures?: AtlasError[],
): Promise<ComputedJob[]> {
  const checkpoint = await openCheckpoint(source.folder);
  checkReadsText(checkpoint.description);
  const tokenizer = await readTokenizer(source.folder);
  const [weightsSha256, card] = await Promise.all([checkpoint.weightsDigest(), readCard(source.folder)]);
  const tokenized = prompts.map((prompt) => {
    try {
      return tokenizePrompt(tokenizer, prompt.text, source.prependBos);
    } catch (error) {
      failures?.push(promptError(error, source.name, prompt.title));
      if (failures === undefined) throw error;
      return undefined;
    }
  });
  const model: CheckpointModel = {
    kind: 'checkpoint',
    source,
    checkpoint,
    device,
    weightsSha256,
    tokenizerSha256: tokenizer.digest,
    prependsBos:
      tokenizer.bosToken !== null && tokenized.some((tokens) => tokens?.ids[0] === tokenizer.bosToken?.id),
    ...(card === undefined ? {} : { card }),
  };
  return prompts.flatMap((prompt, index) => {
    const tokens = tokenized[index];
    if (tokens === undefined) return [];
    return {
      model,
      prompt,
      tokenized: tokens,
      activationsKey: activationsKey(model, prompt, tokens),
      stacks: stackShapes(model, tokens.ids.length),
    };
  });
}

/** Of a model's jobs, those on the prompts of random tokens that some metrics look at. */
export function prepareProbes(jobs: readonly ComputedJob[]): ComputedJob[] {
  return probeJobs(jobs, (model, id, tokenized) => {
    const prompt = { id, set: '', title: 'Random tokens that come twice', text: '', meta: {} };
    return {
      model,
      prompt,
      tokenized,
      activationsKey: activationsKey(model, prompt, tokenized),
      stacks: stackShapes(model, tokenized.ids.length),
    };
  });
}

/** The stacks that read the prompt; a decoder beside an encoder, and what it sees of that, need a text of their own. */
function stackShapes(model: CheckpointModel, n: number): StackShape[] {
  return model.checkpoint.description.stacks.flatMap(({ stack, layout, heads, layers }) => {
    if (layout === 'rectangle' || stack === 'decoder') return [];
    const withPattern = layers.filter((layer) => layer.hasPattern).map((layer) => layer.index);
    return [{ stack, layout: { kind: layout, n }, heads, layers: withPattern }];
  });
}

function activationsKey(model: CheckpointModel, prompt: Prompt, tokenized: TokenizedPrompt): string {
  return patternsKey(patternInputs(model), prompt.id, tokenized);
}

async function readCard(folder: string): Promise<string | undefined> {
  const markdown = await readFile(join(folder, 'README.md'), 'utf8').catch(() => undefined);
  return markdown?.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/u, '').trim();
}
