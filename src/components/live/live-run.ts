import { patternOf, type Pattern } from '../../core/pattern.ts';
import type { LayoutKind } from '../../schema/stacks.ts';

/** A model on a text, as it was computed in the page. */
export interface LiveRun {
  readonly text: string;
  readonly ids: readonly number[];
  /** As a person reads them. */
  readonly tokens: readonly string[];
  /** Start and end of each token in the text, in code points; `[0, 0]` for a special token. */
  readonly offsets: readonly (readonly [number, number])[];
  /** Where the text has more tokens than can be run: how many, and how many were taken. */
  readonly cut?: { readonly tokens: number; readonly limit: number };
  readonly layout: LayoutKind;
  /** In each layer. */
  readonly heads: number;
  /** Layers that have patterns, ascending. */
  readonly layers: readonly LiveLayer[];
  /** By metric of one pattern: a value for each head, layer by layer; null where it says nothing about the text. */
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  /** Of a model that continues texts. */
  readonly continuation?: Continuation;
}

interface LiveLayer {
  readonly layer: number;
  /** `[heads, n, n]` */
  readonly values: Float32Array;
  /** `[heads, n]`, where the model has them. */
  readonly valueNorms?: Float32Array;
  /** What the softmax is taken of, `[heads, n, n]`. */
  readonly scores?: Float32Array;
}

/** How a model foresaw a text, and what it expects next. */
export interface Continuation {
  /** −ln of the probability of token i + 1 after tokens 0..i, nats, `[n - 1]`. */
  readonly loss: Float32Array;
  /** The likeliest next tokens after each token, the likeliest first. */
  readonly next: readonly (readonly NextToken[])[];
}

interface NextToken {
  readonly token: string;
  /** 0..1 */
  readonly probability: number;
}

/** One head of a run. */
export interface LiveHead {
  readonly layer: number;
  readonly head: number;
  readonly pattern: Pattern;
}

/** Every head, layer by layer: the order of a run's metrics. */
export function liveHeads({
  layers,
  layout,
  heads,
  ids,
}: Pick<LiveRun, 'layers' | 'layout' | 'heads' | 'ids'>): LiveHead[] {
  const n = ids.length;
  const kind = layout === 'causal' ? 'causal' : 'square';
  return layers.flatMap(({ layer, values }) =>
    Array.from({ length: heads }, (_, head) => ({
      layer,
      head,
      pattern: patternOf({ kind, n }, values.subarray(head * n * n, (head + 1) * n * n)),
    })),
  );
}
