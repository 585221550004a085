import { BPE, Unigram, WordPiece } from '@huggingface/tokenizers';
import type { ModelDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';

/** A token of one word: UTF-16 units `[from, to)` of the word. */
export interface Piece {
  readonly id: number;
  readonly token: string;
  readonly from: number;
  readonly to: number;
}

export interface WordModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /**
   * The pieces of a word, in order. Characters that the model can't write at all are left out.
   *
   * @throws AtlasError `tokenizer-invalid` if it needs an unknown token that the vocabulary does not hold
   */
  readonly encodeWord: (word: string) => Piece[];
}

/** The tokenizers library's model, with the places of its pieces. */
export function createWordModel(definition: ModelDefinition): WordModel {
  switch (definition.type) {
    case 'BPE':
      return bytePairModel(definition);
    case 'Unigram':
      return unigramModel(definition);
    case 'WordPiece':
      return wordPieceModel(definition);
    case 'WordLevel':
      return wordLevelModel(definition);
  }
}

type Definition<T extends ModelDefinition['type']> = Extract<ModelDefinition, { type: T }>;

function bytePairModel(definition: Definition<'BPE'>): WordModel {
  const { unk_token: unknown, byte_fallback: fallsBack, ignore_merges: ignoresMerges } = definition;
  const model = new BPE({
    type: 'BPE',
    vocab: definition.vocab,
    merges: definition.merges,
    unk_token: unknown ?? null,
    end_of_word_suffix: definition.end_of_word_suffix ?? null,
    ignore_merges: ignoresMerges,
  });
  const vocabulary = model.tokens_to_ids;
  for (const [left, right] of model.merges) {
    if (!vocabulary.has(left + right)) {
      throw tokenizerInvalid(`The merge of "${left}" and "${right}" gives no token of the vocabulary.`);
    }
  }

  const encodeWord = (word: string): Piece[] => {
    const whole = ignoresMerges ? vocabulary.get(word) : undefined;
    if (whole !== undefined) return [{ id: whole, token: word, from: 0, to: word.length }];
    const pieces: Piece[] = [];
    let at = 0;
    let wasUnknown = false;
    for (const text of model.bpe(word)) {
      const from = at;
      at = Math.min(at + text.length, word.length); // the last piece may end in the end-of-word suffix
      const known = knownPieces(vocabulary, text, fallsBack, from, at);
      const last = pieces.at(-1);
      if (known !== undefined) for (const piece of known) pieces.push(piece);
      // What stays unknown are single characters; runs of them are one token within a word, never across words.
      else if (definition.fuse_unk && wasUnknown && last !== undefined)
        pieces[pieces.length - 1] = { ...last, to: at };
      else if (unknown != null) {
        pieces.push({ id: requireId(vocabulary, unknown), token: unknown, from, to: at });
      }
      wasUnknown = known === undefined;
    }
    return pieces;
  };
  return { vocabulary, encodeWord };
}

function unigramModel(definition: Definition<'Unigram'>): WordModel {
  const unknownId = definition.unk_id ?? undefined;
  if (definition.vocab.length === 0) throw tokenizerInvalid('The vocabulary is empty.');
  if (unknownId !== undefined && unknownId >= definition.vocab.length) {
    throw tokenizerInvalid(
      `unk_id is ${unknownId}, but the vocabulary has ${definition.vocab.length} tokens.`,
    );
  }
  // Without an unknown token the lattice still needs an id for what it can't write: one past the vocabulary.
  const model = new Unigram(
    { type: 'Unigram', vocab: definition.vocab, unk_id: unknownId ?? definition.vocab.length },
    '',
  );
  const vocabulary = model.tokens_to_ids;

  const encodeWord = (word: string): Piece[] => {
    const pieces: Piece[] = [];
    let at = 0;
    for (const text of fuseUnknown(
      model.tokenize(word),
      (part) => (vocabulary.get(part) ?? unknownId) === unknownId,
    )) {
      const from = at;
      at += text.length;
      const known = knownPieces(vocabulary, text, definition.byte_fallback, from, at);
      if (known !== undefined) for (const piece of known) pieces.push(piece);
      else if (unknownId === undefined) throw tokenizerInvalid('It has no token for unknown text (unk_id).');
      else pieces.push({ id: unknownId, token: text, from, to: at });
    }
    return pieces;
  };
  return { vocabulary, encodeWord };
}

function wordPieceModel(definition: Definition<'WordPiece'>): WordModel {
  const { unk_token: unknown, continuing_subword_prefix: prefix } = definition;
  const model = new WordPiece(definition);
  const vocabulary = model.tokens_to_ids;

  const encodeWord = (word: string): Piece[] => {
    const tokens = model.encode([word]);
    // A word that can't be written from pieces is unknown as a whole.
    if (tokens.length === 1 && tokens[0] === unknown) {
      return [{ id: requireId(vocabulary, unknown), token: unknown, from: 0, to: word.length }];
    }
    let at = 0;
    return tokens.map((token, i) => {
      const from = at;
      at += token.length - (i === 0 ? 0 : prefix.length);
      return { id: requireId(vocabulary, token), token, from, to: at };
    });
  };
  return { vocabulary, encodeWord };
}

function wordLevelModel({ vocab, unk_token: unknown }: Definition<'WordLevel'>): WordModel {
  const vocabulary = new Map(Object.entries(vocab));
  const encodeWord = (word: string): Piece[] => {
    const token = vocabulary.has(word) ? word : unknown;
    return [{ id: requireId(vocabulary, token), token, from: 0, to: word.length }];
  };
  return { vocabulary, encodeWord };
}

const utf8 = new TextEncoder();

/** `text` as one token, or as the tokens of its bytes, each with the place of the whole; else undefined. */
function knownPieces(
  vocabulary: ReadonlyMap<string, number>,
  text: string,
  fallsBack: boolean,
  from: number,
  to: number,
): Piece[] | undefined {
  const id = vocabulary.get(text);
  if (id !== undefined) return [{ id, token: text, from, to }];
  if (!fallsBack) return undefined;
  const pieces: Piece[] = [];
  for (const byte of utf8.encode(text)) {
    const token = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
    const byteId = vocabulary.get(token);
    if (byteId === undefined) return undefined;
    pieces.push({ id: byteId, token, from, to });
  }
  return pieces;
}

function fuseUnknown(parts: readonly string[], isUnknown: (part: string) => boolean): string[] {
  const fused: string[] = [];
  let wasUnknown = false;
  for (const part of parts) {
    const unknown = isUnknown(part);
    if (unknown && wasUnknown) fused.push((fused.pop() ?? '') + part);
    else fused.push(part);
    wasUnknown = unknown;
  }
  return fused;
}

function requireId(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined)
    throw tokenizerInvalid(`The vocabulary has no token "${token}", which this text needs.`);
  return id;
}
