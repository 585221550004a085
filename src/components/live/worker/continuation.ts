import type { PatternRun } from '../../../engine/pattern-run.ts';
import type { AtlasTokenizer } from '../../../engine/tokenizers/tokenizer.ts';
import type { Continuation } from '../live-run.ts';

/** How a model foresaw a text; undefined of one that does not continue texts. */
export function continuationOf(
  { loss, topTokens }: PatternRun['extras'],
  tokenizer: AtlasTokenizer,
): Continuation | undefined {
  if (loss === undefined || topTokens === undefined) return undefined;
  const { count, ids, probabilities } = topTokens;
  const listed = Array.from(ids, (id, at) => ({
    token: tokenizer.pieceText(tokenizer.pieceOf(id) ?? ''),
    probability: probabilities[at] ?? NaN,
  }));
  const next = Array.from({ length: listed.length / count }, (_, at) =>
    listed.slice(at * count, (at + 1) * count),
  );
  return { loss, next };
}
