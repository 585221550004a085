import { visibleKeys, type Pattern } from '../pattern.ts';

/** A matrix and the tokens of its rows and columns. */
export interface LabelledMatrix {
  readonly pattern: Pattern;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
}

/**
 * Every cell that its query can see, a line each: `query,key,query_token,key_token,value` (RFC 4180, lines end in
 * CRLF, tokens always quoted). Positions count from 0. Values have the shortest digits that give the same float32.
 */
export function patternCsv({ pattern, queryTokens, keyTokens }: LabelledMatrix): string {
  const lines = ['query,key,query_token,key_token,value'];
  const quotedKeys = keyTokens.map(quoted);
  for (let query = 0; query < pattern.rows; query++) {
    const queryToken = quoted(queryTokens[query] ?? '');
    for (let key = 0; key < visibleKeys(pattern, query); key++) {
      const value = pattern.values[query * pattern.columns + key] ?? 0;
      lines.push(`${query},${key},${queryToken},${quotedKeys[key] ?? '""'},${shortest(value)}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** The shortest decimal that reads back as this float32: nine significant digits always do. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
