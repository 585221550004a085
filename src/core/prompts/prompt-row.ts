/** One prompt as a person wrote it: a text, and what else the row says of it. */
export interface PromptRow {
  readonly text: string;
  readonly meta: Readonly<Record<string, JsonValue>>;
}

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Reads one line of a JSONL file of prompts.
 *
 * @returns the row, or a sentence that says what is wrong with it
 */
export function parsePromptRow(line: string): PromptRow | string {
  const parsed = parseObject(line);
  if (typeof parsed === 'string') return parsed;
  const { text, ...meta } = parsed;
  if (text === undefined) return 'The row has no key `text`.';
  if (typeof text !== 'string')
    return `Its \`text\` is ${text === null ? 'null' : `a ${typeof text}`}, not a string.`;
  if (text === '') return 'Its `text` is empty.';
  if (!text.isWellFormed()) return 'Its `text` holds half a surrogate pair, which no UTF-8 text can.';
  return { text, meta };
}

function parseObject(line: string): Record<string, JsonValue> | string {
  try {
    const value = JSON.parse(line) as JsonValue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, JsonValue>;
    }
    return 'The line is JSON, but not an object.';
  } catch (error) {
    return `The line is not JSON: ${(error as SyntaxError).message}.`;
  }
}
