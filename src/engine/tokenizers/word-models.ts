import { WordPiece } from '@huggingface/tokenizers';
import { bytePairModel } from './byte-pair-model.ts';
import type { ModelDefinition } from './definition.ts';
import { requireId, type Piece, type WordModel } from './pieces.ts';
import { unigramModel } from './unigram-model.ts';

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
