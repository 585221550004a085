import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { ModelRecord } from '../../src/schema/records.ts';
import type { CheckpointModel, ModelAtHand } from './plan.ts';

type LiveModel = NonNullable<ModelRecord['live']>;

/** Files that a page can make a tokenizer of, the best first, as `readTokenizer` takes them. */
const TOKENIZERS = [['tokenizer.json'], ['vocab.json', 'merges.txt'], ['vocab.txt']];
const TOKENIZER_SETTINGS = ['tokenizer_config.json', 'special_tokens_map.json'];

/**
 * The models that visitors can run in a page, each with the files that it takes: those whose `live` is true, and those
 * that say nothing and have at most `maxBytes` of weights.
 *
 * @throws AtlasError `model-not-live` of a model whose `live` is true and that no page can run
 */
export async function liveModels(
  models: readonly ModelAtHand[],
  maxBytes: number,
): Promise<Map<CheckpointModel, LiveModel>> {
  const live = new Map<CheckpointModel, LiveModel>();
  for (const model of models) {
    if (model.kind === 'imported') continue;
    const { source, checkpoint } = model;
    if (!(source.live ?? checkpoint.weightsBytes <= maxBytes)) continue;
    const reason = obstacle(model);
    if (reason === undefined) live.set(model, await liveModel(model));
    else if (source.live === true) throw atlasError('model-not-live', { name: source.name, reason });
  }
  return live;
}

/** Why a page cannot run the model, if it cannot. */
function obstacle({ checkpoint: { description, weightFiles } }: CheckpointModel): string | undefined {
  if (description.stacks.some(({ stack }) => stack !== 'self'))
    return 'It reads two texts, and the page takes one.';
  if (!weightFiles.every((file) => file.endsWith('.safetensors')))
    return 'Its weights are no safetensors files, which is what the page reads.';
  return undefined;
}

async function liveModel({ source, checkpoint }: CheckpointModel): Promise<LiveModel> {
  const present = await Promise.all(TOKENIZERS.map((names) => exists(source.folder, names)));
  const tokenizer = TOKENIZERS.find((_, at) => present[at]) ?? [];
  const names = ['config.json', ...tokenizer, ...TOKENIZER_SETTINGS, ...checkpoint.weightFiles];
  const files: LiveModel['files'] = [];
  for (const name of names) {
    if (!(await exists(source.folder, [name]))) continue;
    const bytes = await readFile(join(source.folder, name));
    files.push({ name, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') });
  }
  return { prependBos: source.prependBos, files };
}

async function exists(folder: string, names: readonly string[]): Promise<boolean> {
  const stats = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return stats.every((each) => each?.isFile() === true);
}
