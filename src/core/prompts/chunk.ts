import type { PromptRow } from './prompt-row.ts';

/** Bounds on the length of a prompt, in code points. */
export interface LengthBounds {
  readonly minCharacters: number;
  readonly maxCharacters: number;
}

/**
 * Cuts rows to length as pattern-lens does: a row shorter than the minimum is dropped, a longer one than the
 * maximum is cut into chunks of it, each with the row's metadata, and chunks that are too short are dropped.
 */
export function chunkRow(row: PromptRow, { minCharacters, maxCharacters }: LengthBounds): PromptRow[] {
  const characters = [...row.text];
  if (characters.length < minCharacters) return [];
  if (characters.length <= maxCharacters) return [row];
  const chunks: PromptRow[] = [];
  for (let start = 0; start < characters.length; start += maxCharacters) {
    const chunk = characters.slice(start, start + maxCharacters);
    if (chunk.length >= minCharacters) chunks.push({ text: chunk.join(''), meta: row.meta });
  }
  return chunks;
}
