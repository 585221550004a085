import { suggest } from '../../schema/errors/suggest.ts';
import {
  OPERATORS,
  PLACE_NAMES,
  QUERY_FIELDS,
  type HeadSpan,
  type Query,
  type QueryFault,
  type Span,
} from './query.ts';
import { queryTokens, type QueryToken } from './tokens.ts';

export type ParsedQuery =
  { readonly ok: true; readonly query: Query } | { readonly ok: false; readonly fault: QueryFault };

const SELECTION = /^(?:L([\d-]+|[*x]))?(?:H([\d-]+|[*x]))?$/iu;
const EVERYTHING: Span = { first: 0, last: Infinity };
/** Brackets and `not` inside each other: more is no query that a person wrote. */
const DEEPEST = 50;

/**
 * Reads a query of `/heads/`; docs/query.md holds the grammar. Never throws: what cannot be understood is a fault at
 * its characters.
 *
 * @param metrics the names that can be compared besides `layer`, `head` and `step`
 */
export function parseQuery(text: string, metrics: readonly string[]): ParsedQuery {
  const { tokens, fault } = queryTokens(text);
  if (fault !== undefined) return { ok: false, fault };
  if (tokens.length === 0) return { ok: true, query: { kind: 'all' } };
  try {
    return { ok: true, query: new Parser(tokens, text.length, metrics).whole() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** How a fault leaves the parser. */
class Fault extends Error {
  readonly fault: QueryFault;

  constructor(fault: QueryFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Recursive descent: `or` binds less than `and`, which may be left out, which binds less than `not`. */
class Parser {
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  readonly #metrics: readonly string[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly QueryToken[], end: number, metrics: readonly string[]) {
    this.#tokens = tokens;
    this.#end = end;
    this.#metrics = metrics;
  }

  whole(): Query {
    const query = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw this.#unexpected(rest);
    return query;
  }

  #or(): Query {
    const parts = [this.#and()];
    while (this.#takeWord('or')) parts.push(this.#and());
    return joined('or', parts);
  }

  #and(): Query {
    const parts = [this.#not()];
    for (;;) {
      const isAsked = this.#takeWord('and');
      const next = this.#tokens[this.#next];
      const isOver = next === undefined || next.kind === 'close' || isWord(next, 'or');
      if (isOver && !isAsked) return joined('and', parts);
      parts.push(this.#not());
    }
  }

  #not(): Query {
    if (++this.#depth > DEEPEST) {
      throw new Fault({ at: this.#at(), length: 1, message: `Queries nest at most ${DEEPEST} deep.` });
    }
    const query: Query = this.#takeWord('not') ? { kind: 'not', part: this.#not() } : this.#term();
    this.#depth--;
    return query;
  }

  #term(): Query {
    const token = this.#take();
    if (token === undefined) throw this.#missing('a head such as L2H3, a metric, or model:NAME');
    if (token.kind === 'open') return this.#bracket(token);
    if (token.kind === 'selection') return this.#selection(token);
    if (token.kind === 'field') return this.#match(token);
    if (token.kind === 'word') return this.#compare(token);
    throw this.#unexpected(token);
  }

  #bracket(open: QueryToken): Query {
    const query = this.#or();
    const close = this.#take();
    if (close?.kind === 'close') return query;
    if (close !== undefined) throw this.#unexpected(close);
    throw new Fault({ at: open.at, length: 1, message: 'This bracket is not closed.' });
  }

  /** Terms behind each other, with commas or without, are one choice: pattern-lens's `L2H3, L0-3H*`. */
  #selection(first: QueryToken): Query {
    const terms = [headSpan(first)];
    for (;;) {
      const [token, after] = this.#tokens.slice(this.#next, this.#next + 2);
      const isListed = token?.kind === 'comma' && after?.kind === 'selection';
      const term = isListed ? after : token;
      if (term?.kind !== 'selection') return { kind: 'select', terms };
      this.#next += isListed ? 2 : 1;
      terms.push(headSpan(term));
    }
  }

  #match({ text, at }: QueryToken): Query {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).toLowerCase();
    const field = QUERY_FIELDS.find((known) => known === name);
    if (field === undefined) throw unknown({ at, text: text.slice(0, colon) }, 'field', QUERY_FIELDS);
    const glob = text.slice(colon + 1).replaceAll('"', '');
    if (glob === '') {
      throw new Fault({
        at,
        length: text.length,
        message: `A name is missing behind “${field}:”, such as ${field}:a*.`,
      });
    }
    return { kind: 'match', field, glob };
  }

  #compare(word: QueryToken): Query {
    const names = [...PLACE_NAMES, ...this.#metrics];
    const name = names.find((known) => known === word.text.toLowerCase());
    if (name === undefined) throw unknown(word, 'metric or word', names);
    const sign = this.#take();
    const operator = OPERATORS.find((known) => known === (sign?.text === '==' ? '=' : sign?.text));
    if (sign === undefined) throw this.#missing(`a comparison such as ${name} > 0.4`);
    if (operator === undefined) {
      throw new Fault({
        at: sign.at,
        length: sign.text.length,
        message: `Behind “${name}” stands one of ${OPERATORS.join(' ')}, not “${sign.text}”.`,
      });
    }
    const number = this.#take();
    if (number === undefined) throw this.#missing('a number');
    if (number.kind !== 'number') {
      throw new Fault({
        at: number.at,
        length: number.text.length,
        message: `“${number.text}” is no number.`,
      });
    }
    const isShare = number.text.endsWith('%');
    const value = Number(number.text.replace('%', '')) / (isShare ? 100 : 1);
    return { kind: 'compare', name, operator, value };
  }

  #take(): QueryToken | undefined {
    return this.#tokens[this.#next++];
  }

  #takeWord(word: string): boolean {
    const next = this.#tokens[this.#next];
    const isThere = next !== undefined && isWord(next, word);
    if (isThere) this.#next++;
    return isThere;
  }

  #at(): number {
    return this.#tokens[this.#next]?.at ?? this.#end;
  }

  #missing(what: string): Fault {
    return new Fault({ at: this.#end, length: 0, message: `The query ends where ${what} should stand.` });
  }

  #unexpected({ at, text }: QueryToken): Fault {
    return new Fault({ at, length: text.length, message: `“${text}” can't stand here.` });
  }
}

function isWord({ kind, text }: QueryToken, word: string): boolean {
  return kind === 'word' && text.toLowerCase() === word;
}

function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : { kind, parts };
}

function unknown(
  { at, text }: { readonly at: number; readonly text: string },
  what: string,
  known: readonly string[],
): Fault {
  const message = `There is no ${what} “${text}”. ${suggest(text, known)}`;
  return new Fault({ at, length: text.length, message });
}

function headSpan({ text, at }: QueryToken): HeadSpan {
  const [, layers, heads] = SELECTION.exec(text) ?? [];
  return { layers: span(layers, at, text), heads: span(heads, at, text) };
}

function span(text: string | undefined, at: number, whole: string): Span {
  if (text === undefined || text === '*' || text.toLowerCase() === 'x') return EVERYTHING;
  const [first = 0, last = first] = text.split('-').map(Number);
  if (first > last) {
    throw new Fault({ at, length: whole.length, message: `In “${whole}”, ${first} is larger than ${last}.` });
  }
  return { first, last };
}
