import type { AtlasTokenizer } from '../../../engine/tokenizers/tokenizer.ts';
import type { Continuation, NextToken } from '../live-run.ts';

/** Next tokens that are listed. */
const LISTED = 10;

/** @param logits float32 `[n, vocabulary]` */
export function continuationOf(
  logits: Float32Array,
  ids: readonly number[],
  tokenizer: AtlasTokenizer,
): Continuation {
  const size = logits.length / ids.length;
  const loss = new Float32Array(ids.length - 1);
  const next = ids.map((_, at): NextToken[] => {
    const row = logits.subarray(at * size, (at + 1) * size);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const log = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
    const following = ids[at + 1];
    if (following !== undefined) loss[at] = log - (row[following] ?? NaN);
    return likeliest(row).map((id) => ({
      token: tokenizer.pieceText(tokenizer.pieceOf(id) ?? ''),
      probability: Math.exp((row[id] ?? NaN) - log),
    }));
  });
  return { loss, next };
}

/** The ids with the largest values, largest first. */
function likeliest(row: Float32Array): number[] {
  const best: number[] = [];
  for (const [id, value] of row.entries()) {
    if (best.length === LISTED && value <= (row[best.at(-1) ?? 0] ?? NaN)) continue;
    const place = best.findIndex((other) => value > (row[other] ?? NaN));
    best.splice(place < 0 ? best.length : place, 0, id);
    if (best.length > LISTED) best.pop();
  }
  return best;
}
