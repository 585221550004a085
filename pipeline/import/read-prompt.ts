import { basename } from 'node:path';
import * as z from 'zod';
import type { JsonValue, PromptRow } from '../../src/core/prompts/prompt-row.ts';
import { readPieces } from '../../src/engine/tokenizers/imported-pieces.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { promptIdOf } from '../prompts/prompt.ts';
import { readJson } from '../read-json.ts';
import type { ImportEntry } from './list-entries.ts';
import type { NpzScan } from './scan-npz.ts';

/** A prompt as the program wrote it that computed its patterns. */
export interface ImportedPrompt {
  readonly row: PromptRow;
  /** Its tokens, as they were listed. */
  readonly pieces?: readonly string[];
}

/** pattern-lens's prompt.json: the row of the prompt, and what its tokenizer made of it. */
const promptFileSchema = z.looseObject({
  text: z.string().min(1),
  hash: z.string().optional(),
  n_tokens: z.int().optional(),
  tokens: z.array(z.string()).min(1).optional(),
  meta: z.json().optional(),
});

/**
 * What the file beside an npz file tells of its prompt; undefined where there is none.
 *
 * @throws AtlasError `unreadable`, `json-invalid`, `import-prompt-invalid`
 */
export async function readPromptOf({ promptFile, hash }: ImportEntry): Promise<ImportedPrompt | undefined> {
  if (promptFile === undefined) return undefined;
  const known = 'an object with a non-empty `text` and, if there are any, `tokens` as a list of strings';
  const {
    text,
    hash: ownHash,
    n_tokens: count,
    tokens,
    meta,
    ...others
  } = await readJson(promptFile, promptFileSchema, known);
  const invalid = (reason: string) => atlasError('import-prompt-invalid', { reason }, { file: promptFile });
  if (!text.isWellFormed()) throw invalid('Its text holds half a surrogate pair, which no UTF-8 text can.');
  const id = promptIdOf(text);
  for (const given of [hash, ownHash]) {
    if (given !== undefined && given !== id) {
      throw invalid(`It is filed under "${given}", and the MD5 of its text is "${id}".`);
    }
  }
  if (tokens !== undefined && count !== undefined && count !== tokens.length) {
    throw invalid(`It lists ${tokens.length} tokens, and says that there are ${count}.`);
  }
  return { row: { text, meta: metaOf(meta, others) }, ...(tokens && { pieces: tokens }) };
}

/** The same out of the npz file itself; where it has no text, that of its tokens or its own name. */
export function promptOfNpz({ npz }: ImportEntry, { text, tokens }: NpzScan): ImportedPrompt {
  const whole = text ?? textOf(tokens ?? []) ?? basename(npz, '.npz');
  if (whole === '' || !whole.isWellFormed()) {
    throw atlasError('import-prompt-invalid', { reason: 'Its text is empty, or no Unicode.' }, { file: npz });
  }
  return { row: { text: whole, meta: {} }, ...(tokens && tokens.length > 0 && { pieces: tokens }) };
}

/** The text that tokens make up, without a special token before it (`<|endoftext|>`, `[CLS]`); undefined for none. */
function textOf(tokens: readonly string[]): string | undefined {
  const readable = readPieces(tokens, undefined).tokens;
  const isSpecial = /^(<[^<>]+>|\[[A-Z]+\])$/u.test(readable[0] ?? '');
  const text = readable.slice(isSpecial ? 1 : 0).join('');
  return text === '' ? undefined : text;
}

/** pattern-lens keeps a row's other keys as they are, and rows of the Pile have an object `meta` among them. */
function metaOf(meta: JsonValue | undefined, others: Record<string, unknown>): PromptRow['meta'] {
  const rest = others as PromptRow['meta'];
  if (meta === undefined) return rest;
  const isObject = typeof meta === 'object' && meta !== null && !Array.isArray(meta);
  return isObject ? { ...(meta as PromptRow['meta']), ...rest } : { meta, ...rest };
}
