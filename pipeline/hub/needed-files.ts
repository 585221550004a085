import { WEIGHT_LAYOUTS } from '../checkpoint/weight-files.ts';

/** Files that a tokenizer can be made from, the best first. */
export const TOKENIZER_FILES = [
  'tokenizer.json',
  'vocab.json',
  'tokenizer.model',
  'spiece.model',
  'vocab.txt',
] as const;
/** Files beside the tokenizer's own, where they are there. */
const BESIDE = ['README.md', 'tokenizer_config.json', 'special_tokens_map.json'] as const;
/** What a tokenizer of several files needs beside the first of them. */
const SECOND_FILES: Readonly<Record<string, string>> = { 'vocab.json': 'merges.txt' };

/** Which files of a repository are needed to run its model. */
export interface NeededFiles {
  /** All but the shards, which the index names. */
  readonly files: readonly string[];
  /** The index of the weights, where they are in shards; among `files`. */
  readonly index?: string;
  readonly hasTokenizer: boolean;
  readonly hasWeights: boolean;
}

/**
 * Chooses by name: config, one form of the weights (safetensors before PyTorch's), one form of the tokenizer, the model
 * card. Nothing else of a repository is touched, whatever its files are called.
 *
 * @param names of the files at the top of the repository
 */
export function neededFiles(names: ReadonlySet<string>): NeededFiles {
  const weights = WEIGHT_LAYOUTS.find((name) => names.has(name));
  const tokenizer = TOKENIZER_FILES.find((name) => names.has(name) && names.has(SECOND_FILES[name] ?? name));
  const tokenizerFiles = tokenizer === undefined ? [] : [tokenizer, SECOND_FILES[tokenizer] ?? tokenizer];
  const beside = BESIDE.filter((name) => names.has(name));
  return {
    files: [
      ...new Set(['config.json', ...beside, ...tokenizerFiles, ...(weights === undefined ? [] : [weights])]),
    ],
    ...(weights?.endsWith('.index.json') === true ? { index: weights } : {}),
    hasTokenizer: tokenizer !== undefined,
    hasWeights: weights !== undefined,
  };
}
