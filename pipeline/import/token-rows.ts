import { readPieces } from '../../src/engine/tokenizers/imported-pieces.ts';
import type { TokenizedPrompt } from '../stages/plan.ts';

/** How the row of the begin-of-text token is labelled, which pattern-lens does not list among a prompt's tokens. */
const BOS_LABEL = '<bos>';

/** A prompt's tokens as rows of its patterns. */
export interface TokenRows extends TokenizedPrompt {
  /** A begin-of-text token stands before the text. */
  readonly hasBos: boolean;
}

/**
 * Labels the `n` rows of a prompt's patterns. Ids are positions in a vocabulary of the prompt's own distinct pieces:
 * metrics ask only which tokens are equal, and no page shows them. Without pieces, rows are numbered and no two are
 * equal.
 *
 * @param pieces as many as rows, or one less where a begin-of-text token stands before them
 */
export function tokenRows(
  n: number,
  pieces: readonly string[] | undefined,
  text: string | undefined,
): TokenRows {
  if (pieces === undefined) {
    const rows = Array.from({ length: n }, (_, row) => row);
    return { ids: rows, tokens: rows.map(String), isNumbered: true, hasBos: false };
  }
  const { tokens, offsets } = readPieces(pieces, text);
  const vocabulary = new Map<string, number>();
  const ids = pieces.map((piece) => {
    const id = vocabulary.get(piece) ?? vocabulary.size + 1;
    vocabulary.set(piece, id);
    return id;
  });
  if (n === pieces.length) {
    const [start, end] = offsets?.[0] ?? [0, 1];
    return { ids, tokens, ...(offsets && { offsets }), hasBos: start === end };
  }
  return {
    ids: [0, ...ids],
    tokens: [BOS_LABEL, ...tokens],
    ...(offsets && { offsets: [[0, 0], ...offsets] }),
    hasBos: true,
  };
}
