import { join } from 'node:path';
import * as z from 'zod';
import type { Files } from '../store/files.ts';
import { parseJson } from '../parse-json.ts';
import type { ImportedFacts } from '../stages/plan.ts';

const count = z.int().min(1).optional().catch(undefined);
const word = z.string().min(1).optional().catch(undefined);

/** What is read of TransformerLens's config; a key of another type counts as absent. */
const configSchema = z.object({
  n_layers: count,
  n_heads: count,
  n_ctx: count,
  d_model: count,
  d_vocab: count,
  n_params: count,
  dtype: word,
  original_architecture: word,
  tokenizer_name: word,
  positional_embedding_type: word,
  normalization_type: word,
});

/** `model_cfg.json` of an imported model, as pattern-lens writes it. */
export interface ImportedConfig {
  readonly layers?: number;
  readonly heads?: number;
  readonly facts: ImportedFacts;
}

/** @throws AtlasError `json-invalid` */
export async function readModelConfig(folder: string, files: Files): Promise<ImportedConfig> {
  const path = join(folder, 'model_cfg.json');
  const bytes = await files.read(path);
  const value = bytes === undefined ? {} : parseJson(Buffer.from(bytes).toString(), path);
  const config = configSchema.catch({}).parse(value);
  const facts = {
    hiddenSize: config.d_model,
    vocabularySize: config.d_vocab,
    context: config.n_ctx,
    dtype: config.dtype?.replace(/^torch\./u, ''),
    architecture: config.original_architecture,
    tokenizer: config.tokenizer_name,
    positions: config.positional_embedding_type,
    normalization: config.normalization_type,
    hiddenWeights: config.n_params,
  };
  return {
    ...(config.n_layers && { layers: config.n_layers }),
    ...(config.n_heads && { heads: config.n_heads }),
    facts: present(facts),
  };
}

function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
