import { isObject } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { specialTokenOf } from './special-tokens.ts';

/** Classes whose vocab.txt means BERT's rules, those of transformers' BertTokenizer. */
const BERT_CLASSES: ReadonlySet<string> = new Set([
  'BertTokenizer',
  'DistilBertTokenizer',
  'ElectraTokenizer',
]);

/** The special tokens that BERT has unless its files name others. */
const SPECIAL = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
} as const;

/**
 * BERT's vocab.txt as the tokenizer.json that means the same: one piece a line, its id the line's number from 0.
 *
 * @param vocabulary text of vocab.txt
 * @param config parsed tokenizer_config.json, if there is one: `do_lower_case` (true if left out), `strip_accents`,
 *   `tokenize_chinese_chars` and the special tokens
 * @param specialTokensMap parsed special_tokens_map.json, if there is one
 * @throws AtlasError `tokenizer-invalid` for another kind of tokenizer, whose other rules stand in no file, and for a
 *   vocabulary that lacks [UNK], [CLS] or [SEP]
 */
export function definitionOfWordPieces(
  vocabulary: string,
  config: unknown,
  specialTokensMap: unknown,
): unknown {
  const settings = isObject(config) ? config : {};
  refuseOthers(settings);
  const ids = new Map(lines(vocabulary).map((piece, id) => [piece, id]));
  const content = (name: keyof typeof SPECIAL) =>
    specialTokenOf(config, name) ?? specialTokenOf(specialTokensMap, name) ?? SPECIAL[name];
  const named = (name: keyof typeof SPECIAL): [string, number] => {
    const token = content(name);
    const id = ids.get(token);
    if (id === undefined) throw tokenizerInvalid(`vocab.txt lacks the piece ${token} (${name}).`);
    return [token, id];
  };
  const names = Object.keys(SPECIAL) as (keyof typeof SPECIAL)[];
  const added = new Map(
    names.flatMap((name) => {
      const token = content(name);
      const id = ids.get(token);
      return id === undefined ? [] : [[token, { id, content: token, normalized: false, special: true }]];
    }),
  );
  return {
    added_tokens: [...added.values()],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings.tokenize_chinese_chars !== false,
      strip_accents: typeof settings.strip_accents === 'boolean' ? settings.strip_accents : null,
      lowercase: settings.do_lower_case !== false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: named('sep_token'), cls: named('cls_token') },
    decoder: { type: 'WordPiece' },
    model: { type: 'WordPiece', vocab: Object.fromEntries(ids), unk_token: named('unk_token')[0] },
  };
}

function refuseOthers(settings: Record<string, unknown>): void {
  const { tokenizer_class: named } = settings;
  const tokenizerClass = typeof named === 'string' ? named.replace(/Fast$/u, '') : 'BertTokenizer';
  if (!BERT_CLASSES.has(tokenizerClass)) {
    throw tokenizerInvalid(
      `The folder has only vocab.txt, and a ${tokenizerClass} needs its tokenizer.json.`,
    );
  }
  if (settings.do_basic_tokenize === false) {
    throw tokenizerInvalid('It does not split words (do_basic_tokenize is false), which is not supported.');
  }
}

/** One piece a line; a line feed at the end begins no other. */
function lines(text: string): string[] {
  const all = text.split(/\r?\n/u);
  return all.at(-1) === '' ? all.slice(0, -1) : all;
}
