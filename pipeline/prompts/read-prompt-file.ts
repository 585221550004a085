import { isUtf8 } from 'node:buffer';
import { chunkRow, type LengthBounds } from '../../src/core/prompts/chunk.ts';
import { parsePromptRow, type PromptRow } from '../../src/core/prompts/prompt-row.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Files } from '../store/files.ts';

const NEWLINE = 10;

/**
 * The prompts of a JSONL file, in its order; blank lines are passed over.
 *
 * @param bounds how rows are cut to length; left out, rows stay as they are
 * @throws AtlasError `prompt-set-missing`, `invalid-utf8`, `prompt-row-invalid` (with the row), `prompt-set-empty`
 */
export async function readPromptFile(
  files: Files,
  path: string,
  bounds?: LengthBounds,
): Promise<PromptRow[]> {
  const bytes = await files.read(path);
  if (bytes === undefined) throw atlasError('prompt-set-missing', { path });
  const rows: PromptRow[] = [];
  let rowNumber = 0;
  for (const line of splitLines(bytes)) {
    rowNumber++;
    const text = decodeLine(line, path, rowNumber);
    if (text.trim() === '') continue;
    const row = parsePromptRow(text);
    if (typeof row === 'string')
      throw atlasError('prompt-row-invalid', { reason: row }, { file: path, row: rowNumber });
    rows.push(...(bounds === undefined ? [row] : chunkRow(row, bounds)));
  }
  if (rows.length === 0) throw atlasError('prompt-set-empty', { path }, { file: path });
  return rows;
}

function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // a byte order mark
  for (let from = start; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 ? bytes.length : newline;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}

function decodeLine(line: Uint8Array, file: string, row: number): string {
  if (!isUtf8(line)) throw atlasError('invalid-utf8', { offset: firstInvalidByte(line) }, { file, row });
  return new TextDecoder().decode(line);
}

/** The 0-based offset within the line of the first byte that is no UTF-8. */
function firstInvalidByte(line: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at < line.length; at++) {
    try {
      decoder.decode(line.subarray(at, at + 1), { stream: true });
    } catch {
      return at;
    }
  }
  return line.length;
}
