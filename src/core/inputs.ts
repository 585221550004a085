import type { Pattern } from './pattern.ts';

/** A prompt's text and where its tokens lie in it. */
interface TokenPlaces {
  readonly text: string;
  /** Start and end of each token, in code points; `[0, 0]` for a special token. */
  readonly offsets: readonly (readonly [start: number, end: number])[];
}

/** Numbers of one head, `[rows, columns]` row-major; 0 outside the layout. */
export type HeadMatrix = Pattern;

/** The patterns of a stack on one prompt: `[layers][heads]`, layers ascending. */
export type StackOfPatterns = readonly (readonly Pattern[])[];

/** What a figure or metric of one pattern may ask for, each by its name. */
export interface PatternInputs {
  /** The head's pattern. */
  readonly pattern: Pattern;
  /** Token ids of the keys, `[columns]`. */
  readonly ids: readonly number[];
  /** Each key's token as a person reads it, `[columns]`; a space before a word is a part of it. */
  readonly tokens: readonly string[];
  /** The text, and where each key's token lies in it. */
  readonly places: TokenPlaces;
  /** Length of the head's value vector at each key, `[columns]`, 0 or more. Imported patterns have none. */
  readonly valueNorms: Float32Array;
  /**
   * How badly the model foresaw each token, `[rows]`: at i, −ln of the probability that it gave token i after the
   * tokens before it; NaN at 0, where there are none. Only models that continue a text have it.
   */
  readonly tokenLoss: Float32Array;
  /**
   * What the softmax is taken of, for the cells of the pattern: scaled, capped and with bias; −Infinity where the layer does
   * not let the query see the key, as beyond a window. A sink is not among the keys. Imported patterns have none.
   */
  readonly scores: HeadMatrix;
  /**
   * `[columns, columns]`: at key j, token k how far what a query is given that attends to key j alone raises the logit of the
   * token at k above the mean over the vocabulary, on the direct path and but for the scale of the last norm. Only of
   * models that continue a text, and whose heads write to the stream by a matrix (src/engine/extras.ts).
   */
  readonly logitEffects: HeadMatrix;
  /** The head's mean pattern, at each query and key over all prompts that have both; at least as large as the pattern. */
  readonly mean: Pattern;
  /** Every pattern of the stack on this prompt, of the head's layer and of the others. */
  readonly stack: StackOfPatterns;
  /** The head's layer among those of `stack`, and the head in it. */
  readonly position: { readonly layer: number; readonly head: number };
}

export type PatternInput = keyof PatternInputs;

/** What a metric of heads may ask for: each prompt is measured by itself, so that there is no mean. */
export type MetricInput = Exclude<PatternInput, 'mean'>;

/** What a metric of a whole model may ask for of each prompt. */
export type ModelInput = 'stack' | 'ids' | 'tokens' | 'tokenLoss';

/** The inputs of these names. */
export type Inputs<Name extends PatternInput> = Pick<PatternInputs, Name>;

/** What is known of a pattern; some of it may be missing. */
export type KnownInputs = Partial<PatternInputs>;

/** What is known, if all of `names` is; undefined where an input is missing. */
export function inputsOf<Name extends PatternInput>(
  names: readonly Name[],
  known: KnownInputs,
): Inputs<Name> | undefined {
  return names.every((name) => known[name] !== undefined) ? (known as Inputs<Name>) : undefined;
}

/** Where a definition comes from. */
export interface Source {
  readonly text: string;
  readonly year: number;
  readonly url?: string;
}
