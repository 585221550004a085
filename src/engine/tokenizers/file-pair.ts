import { isObject } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { SPECIAL_NAMES, specialTokenOf } from './special-tokens.ts';

/** Classes whose vocab.json with merges.txt means byte-level BPE without special tokens around a text. */
const BYTE_LEVEL_CLASSES: ReadonlySet<string> = new Set(['GPT2Tokenizer', 'CodeGenTokenizer']);

/**
 * GPT-2's file pair as the tokenizer.json that means the same.
 *
 * @param vocabulary parsed vocab.json
 * @param merges text of merges.txt
 * @param config parsed tokenizer_config.json, if there is one
 * @param specialTokensMap parsed special_tokens_map.json, if there is one
 * @throws AtlasError `tokenizer-invalid` for the file pair of another kind of tokenizer, whose other rules
 *   stand in no file
 */
export function definitionOfFilePair(
  vocabulary: unknown,
  merges: string,
  config: unknown,
  specialTokensMap: unknown,
): unknown {
  if (!isObject(vocabulary)) throw tokenizerInvalid('vocab.json does not map tokens to ids.');
  const named = isObject(config) ? config.tokenizer_class : undefined;
  const tokenizerClass = typeof named === 'string' ? named.replace(/Fast$/u, '') : 'GPT2Tokenizer';
  if (!BYTE_LEVEL_CLASSES.has(tokenizerClass)) {
    throw tokenizerInvalid(
      `The folder has only vocab.json and merges.txt, and a ${tokenizerClass} needs its tokenizer.json.`,
    );
  }
  const contents = new Set(
    SPECIAL_NAMES.flatMap((name) => {
      const content = specialTokenOf(config, name) ?? specialTokenOf(specialTokensMap, name);
      return content === undefined ? [] : [content];
    }),
  );
  const added = [...contents].flatMap((content) => {
    const id = Object.hasOwn(vocabulary, content) ? vocabulary[content] : undefined;
    return typeof id === 'number' ? [{ id, content, normalized: true, special: true }] : [];
  });
  return {
    added_tokens: added,
    pre_tokenizer: {
      type: 'ByteLevel',
      add_prefix_space: isObject(config) && config.add_prefix_space === true,
    },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: vocabulary, merges: mergeLines(merges) },
  };
}

/** One merge a line; the first line may tell the file's version. */
function mergeLines(text: string): string[] {
  return text.split(/\r?\n/u).filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#version')));
}
