import { Unigram } from '@huggingface/tokenizers';
import type { ModelDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { knownPieces, type Piece, type WordModel } from './pieces.ts';

/** The likeliest pieces of a word; a run of unknown ones is one piece within a word, never across words. */
export function unigramModel(definition: Extract<ModelDefinition, { type: 'Unigram' }>): WordModel {
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
