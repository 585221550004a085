import type { LongestPrefix } from './longest-prefix.ts';
import type { SentencePieceModel, Segment } from './sentencepiece-model.ts';

/** What an unknown character costs beside the least likely piece. */
const UNKNOWN_PENALTY = 10;
const utf8 = new TextEncoder();

/**
 * The likeliest pieces of a text: SentencePiece's Viterbi search, in its float32, with its scores for user-defined
 * pieces (always the best) and unknown characters.
 */
export function unigramSegmenter({ pieces }: SentencePieceModel, userDefined: LongestPrefix) {
  const scores = new Map<string, { readonly id: number; readonly score: number }>();
  const normal = pieces.filter(({ kind }) => kind === 'normal').map(({ score }) => score);
  const least = normal.reduce((a, b) => Math.min(a, b), Infinity);
  const most = normal.reduce((a, b) => Math.max(a, b), -Infinity);
  let longest = 0;
  for (const [id, { piece, score, kind }] of pieces.entries()) {
    if (kind !== 'normal' && kind !== 'user-defined') continue;
    const length = utf8.encode(piece).length;
    scores.set(piece, { id, score: kind === 'normal' ? score : Math.fround(length * most - 0.1) });
    longest = Math.max(longest, piece.length);
  }
  const unknown = Math.fround(least - UNKNOWN_PENALTY);

  return (text: string): Segment[] => {
    const best = new Float32Array(text.length + 1);
    const froms = new Int32Array(text.length + 1).fill(-1);
    const ids = new Int32Array(text.length + 1).fill(-1);
    const offer = (from: number, to: number, id: number, score: number): void => {
      const total = Math.fround((best[from] ?? 0) + score);
      if (froms[to] !== -1 && total <= (best[to] ?? 0)) return;
      best[to] = total;
      froms[to] = from;
      ids[to] = id;
    };
    let from = 0;
    for (const character of text) {
      const single = from + character.length;
      let hasSingle = false;
      const most = Math.min(text.length, from + Math.max(longest, userDefined(text, from)));
      for (let to = single; to <= most; to++) {
        const found = scores.get(text.slice(from, to));
        if (found === undefined) continue;
        offer(from, to, found.id, found.score);
        hasSingle ||= to === single;
      }
      if (!hasSingle) offer(from, single, -1, unknown);
      from = single;
    }
    const segments: Segment[] = [];
    for (let to = text.length; to > 0; to = froms[to] ?? 0) {
      const id = ids[to] ?? -1;
      segments.push({ from: froms[to] ?? 0, to, ...(id === -1 ? {} : { id }) });
    }
    return segments.reverse();
  };
}
