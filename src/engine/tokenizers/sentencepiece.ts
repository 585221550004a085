import { isObject, parseDefinition, type TokenizerDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { longestPrefix } from './longest-prefix.ts';
import type { Normalizer } from './normalize.ts';
import { bytePieces, type Piece, type WordModel } from './pieces.ts';
import { bytePairSegmenter } from './sentencepiece-bpe.ts';
import { parseSentencePieceModel, type SentencePieceModel } from './sentencepiece-model.ts';
import { sentencePieceNormalizer } from './sentencepiece-normalize.ts';
import { unigramSegmenter } from './sentencepiece-unigram.ts';
import { SPECIAL_NAMES, specialTokenOf } from './special-tokens.ts';

interface SentencePieceTokenizer {
  /** The stages around the model. */
  readonly definition: TokenizerDefinition;
  readonly normalize: Normalizer;
  readonly model: WordModel;
  /** The begin-of-text piece that the model itself has, for a folder that names none. */
  readonly bos: string | undefined;
}

/** Classes of transformers that take the ids of the file as they are, with what they put around a text. */
const CLASSES: Readonly<Record<string, { readonly bos: boolean; readonly eos: boolean }>> = {
  LlamaTokenizer: { bos: true, eos: false },
  CodeLlamaTokenizer: { bos: true, eos: false },
  GemmaTokenizer: { bos: true, eos: false },
  T5Tokenizer: { bos: false, eos: true },
  MT5Tokenizer: { bos: false, eos: true },
  ReformerTokenizer: { bos: false, eos: false },
  PreTrainedTokenizer: { bos: false, eos: false },
};

/**
 * The tokenizer of a SentencePiece model (`tokenizer.model`), for a folder that has nothing better: the ids and pieces that
 * SentencePiece gives, with the special tokens of tokenizer_config.json found in the text and put around it.
 *
 * @param config parsed tokenizer_config.json, if there is one
 * @throws AtlasError `tokenizer-invalid` for a damaged model, and for classes whose ids are not those of the file
 */
export function readSentencePiece(
  bytes: Uint8Array,
  config: unknown,
  specialTokensMap: unknown,
): SentencePieceTokenizer {
  const model = parseSentencePieceModel(bytes);
  const named = isObject(config) ? config.tokenizer_class : undefined;
  const tokenizerClass = typeof named === 'string' ? named.replace(/Fast$/u, '') : 'PreTrainedTokenizer';
  const around = Object.hasOwn(CLASSES, tokenizerClass) ? CLASSES[tokenizerClass] : undefined;
  if (around === undefined) {
    throw tokenizerInvalid(
      `The folder has only a SentencePiece model, and a ${tokenizerClass} needs its tokenizer.json.`,
    );
  }
  const vocabulary = new Map(model.pieces.map(({ piece }, id) => [piece, id]));
  const special = (name: string) => specialTokenOf(config, name) ?? specialTokenOf(specialTokensMap, name);
  const setting = (key: string, fallback: boolean) =>
    isObject(config) && typeof config[key] === 'boolean' ? config[key] : fallback;
  const added = addedTokens(config, SPECIAL_NAMES.map(special), vocabulary);
  const idOf = (token: string | undefined) =>
    token === undefined
      ? undefined
      : (added.find(({ content }) => content === token)?.id ?? vocabulary.get(token));
  const bos = setting('add_bos_token', around.bos) ? (special('bos_token') ?? '<s>') : undefined;
  const eos = setting('add_eos_token', around.eos) ? (special('eos_token') ?? '</s>') : undefined;
  const userDefined = longestPrefix(
    model.pieces.filter(({ kind }) => kind === 'user-defined').map(({ piece }) => piece),
  );
  return {
    definition: parseDefinition({
      added_tokens: added,
      decoder: { type: 'Metaspace' },
      post_processor: template(bos, idOf(bos), eos, idOf(eos)),
      model: { type: 'Unigram', vocab: [], unk_id: 0, byte_fallback: model.fallsBackToBytes },
    }),
    normalize: sentencePieceNormalizer(model, userDefined),
    model: { vocabulary, encodeWord: pieceEncoder(model, vocabulary) },
    bos: model.pieces.find(({ piece, kind }) => kind === 'control' && /^(?:<s>|<bos>)$/u.test(piece))?.piece,
  };

  function pieceEncoder(
    known: SentencePieceModel,
    ids: ReadonlyMap<string, number>,
  ): WordModel['encodeWord'] {
    const segment =
      known.type === 'bpe' ? bytePairSegmenter(known, userDefined) : unigramSegmenter(known, userDefined);
    const unknownId = known.pieces.findIndex(({ kind }) => kind === 'unknown');
    return (word) => {
      const pieces: Piece[] = [];
      let wasUnknown = false;
      for (const { from, to, id } of segment(word)) {
        const text = word.slice(from, to);
        const asBytes =
          id === undefined && known.fallsBackToBytes ? bytePieces(ids, text, from, to) : undefined;
        const last = pieces.at(-1);
        if (id !== undefined) pieces.push({ id, token: text, from, to });
        else if (asBytes !== undefined) for (const piece of asBytes) pieces.push(piece);
        // A run of unknown pieces is one.
        else if (wasUnknown && last !== undefined)
          pieces[pieces.length - 1] = { ...last, token: last.token + text, to };
        else pieces.push({ id: unknownId, token: text, from, to });
        wasUnknown = id === undefined && asBytes === undefined;
      }
      return pieces;
    };
  }
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly normalized: false;
  readonly special: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly single_word: boolean;
}

/** The tokens that are found in a text as they are written: those of tokenizer_config.json, and the special ones. */
function addedTokens(
  config: unknown,
  special: readonly (string | undefined)[],
  vocabulary: ReadonlyMap<string, number>,
): AddedToken[] {
  const listed = isObject(config) && isObject(config.added_tokens_decoder) ? config.added_tokens_decoder : {};
  const tokens = new Map<string, AddedToken>();
  const add = (id: number, content: string, flags: Record<string, unknown>): void => {
    const [lstrip, rstrip, single_word] = ['lstrip', 'rstrip', 'single_word'].map(
      (key) => flags[key] === true,
    );
    tokens.set(content, {
      id,
      content,
      normalized: false,
      special: flags.special === true,
      lstrip: lstrip ?? false,
      rstrip: rstrip ?? false,
      single_word: single_word ?? false,
    });
  };
  for (const content of special) {
    const id = content === undefined ? undefined : vocabulary.get(content);
    if (content !== undefined && id !== undefined) add(id, content, { special: true });
  }
  for (const [id, token] of Object.entries(listed)) {
    if (isObject(token) && typeof token.content === 'string' && token.content !== '' && /^\d+$/u.test(id))
      add(Number(id), token.content, token);
  }
  return [...tokens.values()];
}

function template(
  bos: string | undefined,
  bosId: number | undefined,
  eos: string | undefined,
  eosId: number | undefined,
) {
  const named = (token: string | undefined, id: number | undefined) =>
    token === undefined || id === undefined ? [] : [{ token, id }];
  const [before, after] = [named(bos, bosId), named(eos, eosId)];
  if (before.length + after.length === 0) return null;
  const parts = (tokens: readonly { readonly token: string }[]) =>
    tokens.map(({ token }) => ({ SpecialToken: { id: token } }));
  return {
    type: 'TemplateProcessing',
    single: [...parts(before), { Sequence: { id: 'A' } }, ...parts(after)],
    special_tokens: Object.fromEntries(
      [...before, ...after].map(({ token, id }) => [token, { ids: [id], tokens: [token] }]),
    ),
  };
}
