import { BPE } from '@huggingface/tokenizers';
import type { ModelDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { knownPieces, requireId, type Piece, type WordModel } from './pieces.ts';

/** Byte-pair encoding, with bytes or the unknown token for what the vocabulary can't write. */
export function bytePairModel(definition: Extract<ModelDefinition, { type: 'BPE' }>): WordModel {
  const { unk_token: unknown, byte_fallback: fallsBack, ignore_merges: ignoresMerges } = definition;
  const suffix = definition.end_of_word_suffix ?? '';
  const model = new BPE({
    type: 'BPE',
    vocab: definition.vocab,
    merges: definition.merges,
    unk_token: unknown,
    end_of_word_suffix: suffix,
    ignore_merges: ignoresMerges,
  });
  const vocabulary = model.tokens_to_ids;
  for (const [left, right] of model.merges) {
    if (!vocabulary.has(left + right)) {
      throw tokenizerInvalid(`The merge of "${left}" and "${right}" gives no token of the vocabulary.`);
    }
  }

  const canBeWritten = (character: string, isLast: boolean): boolean =>
    knownPieces(vocabulary, isLast ? character + suffix : character, fallsBack, 0, 1) !== undefined;

  const encodeKnown = (word: string): Piece[] => {
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
      else if (unknown !== null)
        pieces.push({ id: requireId(vocabulary, unknown), token: unknown, from, to: at });
      wasUnknown = known === undefined;
    }
    return pieces;
  };

  const encodeWord = (word: string): Piece[] => {
    const whole = ignoresMerges ? vocabulary.get(word) : undefined;
    if (whole !== undefined) return [{ id: whole, token: word, from: 0, to: word.length }];
    return unknown === null ? withoutUnwritable(word, canBeWritten, encodeKnown) : encodeKnown(word);
  };
  return { vocabulary, encodeWord };
}

/**
 * Without an unknown token, characters that can't be written vanish before the merges, as in the reference. (It
 * then counts places as if they had never been there; here the pieces keep their true places.)
 */
function withoutUnwritable(
  word: string,
  canBeWritten: (character: string, isLast: boolean) => boolean,
  encode: (word: string) => Piece[],
): Piece[] {
  let kept = '';
  const places: number[] = [];
  let unit = 0;
  for (const character of word) {
    const end = unit + character.length;
    if (canBeWritten(character, end === word.length)) {
      kept += character;
      for (; unit < end; unit++) places.push(unit);
    }
    unit = end;
  }
  if (kept === word) return encode(word);
  return encode(kept).map((piece) => ({
    ...piece,
    from: places[piece.from] ?? 0,
    to: (places[piece.to - 1] ?? 0) + 1,
  }));
}
