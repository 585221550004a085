import { hash } from 'node:crypto';
import type { JsonValue, PromptRow } from '../../src/core/prompts/prompt-row.ts';

/** A prompt of the atlas. */
export interface Prompt {
  readonly id: string;
  /** The name of the set it is in. */
  readonly set: string;
  /** A caption of a few words. */
  readonly title: string;
  readonly text: string;
  readonly meta: Readonly<Record<string, JsonValue>>;
}

const TITLE_CHARACTERS = 48;

/** pattern-lens's prompt id: base64url, without padding, of the MD5 of the UTF-8 text; 22 characters. */
export function promptIdOf(text: string): string {
  return hash('md5', text, 'base64url');
}

/** A row as a prompt of `set`; its caption is the row's `title`, else the beginning of its text. */
export function promptOf(row: PromptRow, set: string): Prompt {
  const { title, ...meta } = row.meta;
  const own = typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined;
  return {
    id: promptIdOf(row.text),
    set,
    title: own ?? beginningOf(row.text),
    text: row.text,
    meta: own === undefined ? row.meta : meta,
  };
}

function beginningOf(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line === '') return '(white space)';
  const characters = [...line];
  return characters.length <= TITLE_CHARACTERS
    ? line
    : `${characters
        .slice(0, TITLE_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}

/** The prompts without those whose text came before, and how many were left out. */
export function withoutDuplicates(prompts: readonly Prompt[]): { prompts: Prompt[]; duplicates: number } {
  const byId = new Map<string, Prompt>();
  for (const prompt of prompts) if (!byId.has(prompt.id)) byId.set(prompt.id, prompt);
  return { prompts: [...byId.values()], duplicates: prompts.length - byId.size };
}
