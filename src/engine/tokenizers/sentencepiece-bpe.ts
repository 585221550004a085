import type { LongestPrefix } from './longest-prefix.ts';
import type { SentencePieceModel, Segment } from './sentencepiece-model.ts';

interface Merge {
  readonly score: number;
  readonly left: number;
  readonly right: number;
  readonly text: string;
}

/**
 * Byte-pair encoding as SentencePiece does it: of all neighbours that together are a piece, those with the highest score
 * are joined first, the leftmost where scores are equal. User-defined pieces are never joined with others.
 */
export function bytePairSegmenter({ pieces }: SentencePieceModel, userDefined: LongestPrefix) {
  const known = new Map<
    string,
    { readonly id: number; readonly score: number; readonly isUnused: boolean }
  >();
  for (const [id, { piece, score, kind }] of pieces.entries()) {
    if (kind === 'normal' || kind === 'user-defined' || kind === 'unused')
      known.set(piece, { id, score, isUnused: kind === 'unused' });
  }

  return (text: string): Segment[] => {
    const symbols = symbolsOf(text, userDefined);
    const queue = createQueue();
    const parts = new Map<string, [string, string]>();
    const offer = (left: number, right: number): void => {
      const [a, b] = [symbols[left], symbols[right]];
      if (a === undefined || b === undefined || a.isFixed || b.isFixed) return;
      const joined = text.slice(a.from, b.to);
      const found = known.get(joined);
      if (found === undefined) return;
      queue.push({ score: found.score, left, right, text: joined });
      if (found.isUnused) parts.set(joined, [text.slice(a.from, a.to), text.slice(b.from, b.to)]);
    };
    for (let index = 1; index < symbols.length; index++) offer(index - 1, index);
    for (let merge = queue.pop(); merge !== undefined; merge = queue.pop()) {
      const [a, b] = [symbols[merge.left], symbols[merge.right]];
      // One of both was joined with another since.
      if (a === undefined || b === undefined || a.from === a.to || b.from === b.to) continue;
      if (text.slice(a.from, b.to) !== merge.text || a.next !== merge.right) continue;
      a.to = b.to;
      a.next = b.next;
      const after = symbols[b.next];
      if (after !== undefined) after.before = merge.left;
      b.to = b.from;
      offer(a.before, merge.left);
      offer(merge.left, a.next);
    }
    return symbols
      .filter(({ from, to }) => to > from)
      .flatMap(({ from, to }) => segmentsOf(from, text.slice(from, to), parts));
  };

  /** A symbol as its piece; one that may not be used, as the two it was joined from. */
  function segmentsOf(from: number, text: string, parts: ReadonlyMap<string, [string, string]>): Segment[] {
    const found = known.get(text);
    const halves = found?.isUnused === true ? parts.get(text) : undefined;
    if (halves === undefined)
      return [{ from, to: from + text.length, ...(found === undefined ? {} : { id: found.id }) }];
    const [left, right] = halves;
    return [...segmentsOf(from, left, parts), ...segmentsOf(from + left.length, right, parts)];
  }
}

interface Piece {
  from: number;
  to: number;
  before: number;
  next: number;
  readonly isFixed: boolean;
}

function symbolsOf(text: string, userDefined: LongestPrefix): Piece[] {
  const symbols: Piece[] = [];
  for (let from = 0; from < text.length;) {
    const whole = userDefined(text, from);
    const to = from + (whole > 0 ? whole : String.fromCodePoint(text.codePointAt(from) ?? 0).length);
    const index = symbols.length;
    symbols.push({ from, to, before: index - 1, next: index + 1, isFixed: whole > 0 });
    from = to;
  }
  return symbols;
}

/** A heap of merges: the highest score first, then the leftmost. */
function createQueue() {
  const heap: Merge[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const [x, y] = [heap[a], heap[b]];
    if (x === undefined || y === undefined) return x !== undefined;
    return x.score > y.score || (x.score === y.score && x.left < y.left);
  };
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (x === undefined || y === undefined) return;
    heap[a] = y;
    heap[b] = x;
  };
  return {
    push(merge: Merge): void {
      heap.push(merge);
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop(): Merge | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = isBefore(right, left) ? right : left;
        if (!isBefore(child, at)) return first;
        swap(at, child);
        at = child;
      }
    },
  };
}
