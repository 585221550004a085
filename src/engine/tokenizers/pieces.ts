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

const utf8 = new TextEncoder();

/** `text` as one token, or as the tokens of its bytes, each with the place of the whole; else undefined. */
export function knownPieces(
  vocabulary: ReadonlyMap<string, number>,
  text: string,
  fallsBack: boolean,
  from: number,
  to: number,
): Piece[] | undefined {
  const id = vocabulary.get(text);
  if (id !== undefined) return [{ id, token: text, from, to }];
  return fallsBack ? bytePieces(vocabulary, text, from, to) : undefined;
}

/** The tokens of the bytes of `text`, each with the place of the whole; undefined where the vocabulary lacks one. */
export function bytePieces(
  vocabulary: ReadonlyMap<string, number>,
  text: string,
  from: number,
  to: number,
): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const byte of utf8.encode(text)) {
    const token = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
    const byteId = vocabulary.get(token);
    if (byteId === undefined) return undefined;
    pieces.push({ id: byteId, token, from, to });
  }
  return pieces;
}

/** The id of a token that a word needs. */
export function requireId(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined)
    throw tokenizerInvalid(`The vocabulary has no token "${token}", which this text needs.`);
  return id;
}
