import { AtlasError, atlasError } from '../../schema/errors/index.ts';
import { createAddedTokenFinder } from './added-tokens.ts';
import { alignOriginal, originalSpan, type AlignedText } from './aligned-text.ts';
import { parseDefinition, type AddedTokenDefinition, type TokenizerDefinition } from './definition.ts';
import { definitionOfFilePair } from './file-pair.ts';
import { tokenizerInvalid } from './invalid.ts';
import type { WordModel } from './pieces.ts';
import { createNormalizer, type Normalizer } from './normalize.ts';
import { createPieceText } from './piece-text.ts';
import { createPostProcessor, type Token } from './post-process.ts';
import { createPreTokenizer } from './pre-tokenize.ts';
import { specialTokenOf } from './special-tokens.ts';
import { readSentencePiece } from './sentencepiece.ts';
import { createWordModel } from './word-models.ts';
import { definitionOfWordPieces } from './word-piece-file.ts';

/**
 * The files of a tokenizer: tokenizer.json, or else vocab.json with merges.txt, a SentencePiece model, or vocab.txt; JSON files
 * parsed.
 */
export interface TokenizerFiles {
  readonly tokenizer?: unknown;
  readonly config?: unknown;
  readonly specialTokensMap?: unknown;
  readonly vocabulary?: unknown;
  readonly merges?: string;
  /** `tokenizer.model`. */
  readonly sentencePiece?: Uint8Array;
  /** Text of vocab.txt. */
  readonly wordPieces?: string;
}

/** A tokenized text; the three lists are equally long. */
interface Encoding {
  readonly ids: number[];
  /** Raw pieces as the vocabulary writes them (`Ġthe`, `▁the`, `##ing`). */
  readonly tokens: string[];
  /** Unicode code points `[start, end)` of the text; `[0, 0]` for special tokens that were added. */
  readonly offsets: [number, number][];
}

interface EncodeOptions {
  /** Whether the special tokens that the tokenizer puts around a text are added. */
  readonly special: boolean;
}

export interface AtlasTokenizer {
  /**
   * Ids, pieces and offsets as Hugging Face's tokenizers gives them for the same files. Lone surrogates are
   * read as U+FFFD.
   *
   * @throws AtlasError `text-too-long` above `LONGEST_TEXT`; `tokenizer-invalid` if the text needs an unknown
   *   token that the vocabulary does not hold
   */
  encode(text: string, options: EncodeOptions): Encoding;
  /** The begin-of-text token that the config names, if the vocabulary holds it. */
  readonly bosToken: { readonly id: number; readonly token: string } | null;
  /** Different tokens, added ones included. */
  readonly vocabularySize: number;
  /** The raw piece of an id; undefined for one that the vocabulary does not hold. */
  pieceOf(id: number): string | undefined;
  /** The text to show for a raw piece; see `createPieceText`. */
  pieceText(token: string): string;
}

/**
 * Code points a call of `encode` takes. Regular expressions from tokenizer files run on the text and cannot be
 * interrupted: those that could take exponential time are refused when the tokenizer is made, and this bounds
 * what a quadratic one can cost.
 */
export const LONGEST_TEXT = 1_000_000;

/**
 * A tokenizer from its files. The models are those of @huggingface/tokenizers; the stages around them (added
 * tokens, normalizer, pre-tokenizer) are run here one by one, because the library gives no offsets.
 *
 * @throws AtlasError `tokenizer-invalid`
 */
export function createTokenizer(files: TokenizerFiles): AtlasTokenizer {
  try {
    return assemble(files);
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    throw tokenizerInvalid(
      error instanceof Error ? `${error.message}.` : 'It could not be assembled.',
      error,
    );
  }
}

function assemble(files: TokenizerFiles): AtlasTokenizer {
  const { definition, model, normalize, bos: ownBos } = partsOf(files);
  const encodeText = textEncoder(definition, model, normalize);
  const postProcess =
    definition.post_processor === null ? undefined : createPostProcessor(definition.post_processor);
  const addedIds = new Map(definition.added_tokens.map(({ content, id }) => [content, id]));

  const encode = (text: string, { special }: EncodeOptions): Encoding => {
    const original = alignOriginal(text.toWellFormed());
    const length = original.ends.at(-1) ?? 0;
    if (length > LONGEST_TEXT) throw atlasError('text-too-long', { characters: length, limit: LONGEST_TEXT });
    const tokens = encodeText(original);
    return columnsOf(postProcess?.(tokens, special) ?? tokens);
  };

  const bos =
    specialTokenOf(files.config, 'bos_token') ??
    specialTokenOf(files.specialTokensMap, 'bos_token') ??
    ownBos;
  let pieces: ReadonlyMap<number, string> | undefined;
  const bosId = bos === undefined ? undefined : (addedIds.get(bos) ?? model.vocabulary.get(bos));
  return {
    encode,
    bosToken: bos === undefined || bosId === undefined ? null : { id: bosId, token: bos },
    vocabularySize: new Set([...model.vocabulary.keys(), ...addedIds.keys()]).size,
    pieceOf(id) {
      pieces ??= new Map([...model.vocabulary, ...addedIds].map(([token, own]) => [own, token]));
      return pieces.get(id);
    },
    pieceText: createPieceText(definition, new Set(addedIds.keys())),
  };
}

/** The model and the stages around it. */
interface Parts {
  readonly definition: TokenizerDefinition;
  readonly model: WordModel;
  readonly normalize: Normalizer;
  readonly bos?: string | undefined;
}

function partsOf(files: TokenizerFiles): Parts {
  const { tokenizer, vocabulary, sentencePiece, config, specialTokensMap } = files;
  if (tokenizer === undefined && vocabulary === undefined && sentencePiece !== undefined) {
    return readSentencePiece(sentencePiece, config, specialTokensMap);
  }
  const definition = definitionOf(files);
  const normalize = definition.normalizer === null ? undefined : createNormalizer(definition.normalizer);
  return { definition, model: createWordModel(definition.model), normalize: normalize ?? ((text) => text) };
}

function definitionOf(files: TokenizerFiles): TokenizerDefinition {
  if (files.tokenizer !== undefined) return parseDefinition(files.tokenizer);
  if (files.wordPieces !== undefined) {
    return parseDefinition(definitionOfWordPieces(files.wordPieces, files.config, files.specialTokensMap));
  }
  if (files.vocabulary === undefined || files.merges === undefined) {
    throw tokenizerInvalid('There is neither tokenizer.json nor vocab.json with merges.txt.');
  }
  return parseDefinition(
    definitionOfFilePair(files.vocabulary, files.merges, files.config, files.specialTokensMap),
  );
}

/** The stages before the special tokens: what stands in the text itself. */
function textEncoder(
  definition: TokenizerDefinition,
  model: WordModel,
  normalize: Normalizer,
): (text: AlignedText) => Token[] {
  const preTokenize =
    definition.pre_tokenizer === null ? undefined : createPreTokenizer(definition.pre_tokenizer);
  const [asWritten, normalized] = [false, true].map((wanted) =>
    definition.added_tokens.filter((token) => token.normalized === wanted),
  );
  const findAsWritten = createAddedTokenFinder(
    (asWritten ?? []).map((token) => ({ content: token.content, token })),
  );
  const findNormalized = createAddedTokenFinder(
    (normalized ?? []).map((token) => ({ content: normalize(alignOriginal(token.content)).text, token })),
  );

  return (original) => {
    const tokens: Token[] = [];
    for (const section of findAsWritten(original)) {
      if (section.token !== undefined) {
        tokens.push(addedToken(section.text, section.token));
        continue;
      }
      for (const part of findNormalized(normalize(section.text))) {
        if (part.token !== undefined) {
          tokens.push(addedToken(part.text, part.token));
          continue;
        }
        for (const word of preTokenize?.(part.text) ?? [part.text]) {
          for (const { id, token, from, to } of model.encodeWord(word.text)) {
            tokens.push({ id, token, offsets: originalSpan(word, from, to) });
          }
        }
      }
    }
    return tokens;
  };
}

function addedToken(text: AlignedText, { id }: AddedTokenDefinition): Token {
  return { id, token: text.text, offsets: originalSpan(text, 0, text.text.length) };
}

function columnsOf(tokens: readonly Token[]): Encoding {
  return {
    ids: tokens.map(({ id }) => id),
    tokens: tokens.map(({ token }) => token),
    offsets: tokens.map(({ offsets: [start, end] }) => [start, end]),
  };
}
