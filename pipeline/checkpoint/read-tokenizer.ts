import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTokenizer, type AtlasTokenizer } from '../../src/engine/tokenizers/tokenizer.ts';
import { atlasError, AtlasError } from '../../src/schema/errors/index.ts';

const MEBI = 1024 * 1024;
/** Bytes that a file may have. The largest tokenizer.json of a known family has about 35 MB. */
const LIMITS = {
  'tokenizer.json': 256 * MEBI,
  'vocab.json': 64 * MEBI,
  'merges.txt': 64 * MEBI,
  'tokenizer.model': 64 * MEBI,
  'spiece.model': 64 * MEBI,
  'vocab.txt': 64 * MEBI,
  'tokenizer_config.json': 16 * MEBI,
  'special_tokens_map.json': 4 * MEBI,
} as const;
type FileName = keyof typeof LIMITS;

/** SHA-256 in hex over the files that the tokenizer was made from, each with its name and length. */
export interface Digested {
  readonly digest: string;
}

/**
 * The tokenizer of a model folder: tokenizer.json, or vocab.json with merges.txt, or a SentencePiece model, or BERT's
 * vocab.txt, and the files that name the special tokens where they are there.
 *
 * @throws AtlasError `model-file-missing`, `json-invalid`, `tokenizer-invalid` or `unreadable`, with the file
 */
export async function readTokenizer(folder: string): Promise<AtlasTokenizer & Digested> {
  const read = (name: FileName): Promise<Buffer | undefined> => readBounded(folder, name);
  const [tokenizer, config, specialTokensMap] = await Promise.all([
    read('tokenizer.json'),
    read('tokenizer_config.json'),
    read('special_tokens_map.json'),
  ]);
  const pair = tokenizer === undefined ? await Promise.all([read('vocab.json'), read('merges.txt')]) : [];
  const [vocabulary, merges] = pair.every((file) => file !== undefined) ? pair : [];
  const isNeeded = tokenizer === undefined && merges === undefined;
  const [model, older] = isNeeded ? await Promise.all([read('tokenizer.model'), read('spiece.model')]) : [];
  const sentencePiece = model ?? older;
  const isLast = isNeeded && sentencePiece === undefined;
  const wordPieces = isLast ? await read('vocab.txt') : undefined;
  if (isLast && wordPieces === undefined) {
    throw atlasError('model-file-missing', { name: 'tokenizer.json' }, { file: folder });
  }

  const found = {
    'tokenizer.json': tokenizer,
    'vocab.json': vocabulary,
    'tokenizer.model': model,
    'vocab.txt': wordPieces,
  };
  const [mainFile = 'spiece.model'] = Object.entries(found).flatMap(([name, bytes]) => (bytes ? [name] : []));
  const made = withPlace(join(folder, mainFile), () =>
    createTokenizer({
      ...parsed(folder, 'tokenizer.json', tokenizer, 'tokenizer'),
      ...parsed(folder, 'tokenizer_config.json', config, 'config'),
      ...parsed(folder, 'special_tokens_map.json', specialTokensMap, 'specialTokensMap'),
      ...parsed(folder, 'vocab.json', vocabulary, 'vocabulary'),
      ...(merges === undefined ? {} : { merges: decode(folder, 'merges.txt', merges) }),
      ...(sentencePiece === undefined ? {} : { sentencePiece }),
      ...(wordPieces === undefined ? {} : { wordPieces: decode(folder, 'vocab.txt', wordPieces) }),
    }),
  );
  const digest = digestOf({
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': config,
    'special_tokens_map.json': specialTokensMap,
    'vocab.json': vocabulary,
    'merges.txt': merges,
    'tokenizer.model': model,
    'spiece.model': model === undefined ? older : undefined,
    'vocab.txt': wordPieces,
  });
  return { ...made, digest };
}

async function readBounded(folder: string, name: FileName): Promise<Buffer | undefined> {
  const path = join(folder, name);
  const limit = LIMITS[name];
  try {
    const { size } = await stat(path);
    if (size > limit) {
      const reason = `The file has ${size} bytes; at most ${limit} are read.`;
      throw atlasError('tokenizer-invalid', { reason }, { file: path });
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    if (isAbsent(error)) return undefined;
    throw atlasError(
      'unreadable',
      { path, reason: error instanceof Error ? error.message : String(error) },
      {},
      error,
    );
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function parsed<K extends string>(
  folder: string,
  name: FileName,
  bytes: Uint8Array | undefined,
  key: K,
): Partial<Record<K, unknown>> {
  if (bytes === undefined) return {};
  const text = decode(folder, name, bytes);
  try {
    return { [key]: JSON.parse(text) as unknown } as Record<K, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? `${error.message}.` : 'It cannot be parsed.';
    throw atlasError('json-invalid', { reason }, { file: join(folder, name) }, error);
  }
}

function decode(folder: string, name: FileName, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const reason = `${name} is not valid UTF-8.`;
    throw atlasError('tokenizer-invalid', { reason }, { file: join(folder, name) }, error);
  }
}

/** Errors of the engine know no files; the ones that come without a place get `file`. */
function withPlace<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AtlasError) || error.place.file !== undefined) throw error;
    throw new AtlasError(error.code, error.explanation, { ...error.place, file }, error);
  }
}

function digestOf(files: Readonly<Record<FileName, Uint8Array | undefined>>): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes !== undefined) hash.update(`${name}:${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}
