/** Where a query cannot be understood: characters `[at, at + length)` of its text, and a sentence about them. */
export interface QueryFault {
  readonly at: number;
  readonly length: number;
  readonly message: string;
}

export const OPERATORS = ['>', '>=', '<', '<=', '=', '!='] as const;
export type Operator = (typeof OPERATORS)[number];

/** Layers or heads: `first` to `last`, inclusive; everything where both are absent. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** One term of pattern-lens's selection syntax: `L0-3H*`. */
export interface HeadSpan {
  readonly layers: Span;
  readonly heads: Span;
}

/** A query as a tree. */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  /** A number of each head against a constant. */
  | { readonly kind: 'compare'; readonly name: string; readonly operator: Operator; readonly value: number }
  /** A word of each head against a glob, case aside. */
  | { readonly kind: 'match'; readonly field: QueryField; readonly glob: string }
  | { readonly kind: 'select'; readonly terms: readonly HeadSpan[] };

/** What `FIELD:GLOB` can ask. */
export const QUERY_FIELDS = ['model', 'family', 'series', 'stack'] as const;
export type QueryField = (typeof QUERY_FIELDS)[number];

/** Numbers of a head that are no metrics. */
export const PLACE_NAMES = ['layer', 'head', 'step'] as const;
