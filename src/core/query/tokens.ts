import type { QueryFault } from './query.ts';

/** A piece of a query's text, from `at` on. */
export interface QueryToken {
  readonly kind: 'word' | 'number' | 'operator' | 'open' | 'close' | 'comma' | 'field' | 'selection';
  readonly text: string;
  readonly at: number;
}

const FORMS: readonly (readonly [QueryToken['kind'], RegExp])[] = [
  // `model:tiny-*`, `model:"a name"`: up to the next blank, comma or bracket.
  ['field', /[a-z]+:(?:"[^"]*"|[^\s,()]*)/iy],
  // `L2H3`, `L0-3H*`, `L*`, `LxH0`, `H4`: not the start of a longer word.
  ['selection', /(?:L(?:\d+(?:-\d+)?|[*x])(?:H(?:\d+(?:-\d+)?|[*x]))?|H(?:\d+(?:-\d+)?|[*x]))(?![\w-])/iy],
  ['number', /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?(?![\w.])/iy],
  ['word', /[a-z][\w-]*/iy],
  ['operator', />=|<=|!=|==?|>|</y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /[,;]/y],
];
const BLANK = /\s*/y;

/** The tokens of a query, or the first character that is none. */
export function queryTokens(text: string): { tokens: QueryToken[]; fault?: QueryFault } {
  const tokens: QueryToken[] = [];
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    const token = tokenAt(text, at);
    if (token === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      return {
        tokens,
        fault: { at, length: character.length, message: `“${character}” means nothing here.` },
      };
    }
    tokens.push(token);
    at += token.text.length;
  }
  return { tokens };
}

function skip(text: string, at: number): number {
  BLANK.lastIndex = at;
  return at + (BLANK.exec(text)?.[0].length ?? 0);
}

function tokenAt(text: string, at: number): QueryToken | undefined {
  for (const [kind, form] of FORMS) {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined && found !== '') return { kind, text: found, at };
  }
  return undefined;
}
