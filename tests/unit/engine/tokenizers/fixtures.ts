import { readFileSync } from 'node:fs';
import { createTokenizer, type AtlasTokenizer } from '../../../../src/engine/tokenizers/tokenizer.ts';

const FOLDER = new URL('../../../fixtures/tokenizers/', import.meta.url);

/** What the reference gives for a text. */
export interface Expected {
  readonly ids: number[];
  readonly tokens: string[];
  readonly offsets: [number, number][];
}

export function readText(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

export function readJson(name: string): unknown {
  return JSON.parse(readText(name));
}

/** The tokenizer of a fixture's folder, made from its tokenizer.json, with `changes` to that. */
export function fixtureTokenizer(
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): AtlasTokenizer {
  return createTokenizer({
    tokenizer: { ...definitionOf(name), ...changes },
    config: readJson(`${name}/tokenizer_config.json`),
    specialTokensMap: readJson(`${name}/special_tokens_map.json`),
  });
}

export function definitionOf(name: string): Record<string, unknown> & { model: Record<string, unknown> } {
  return readJson(`${name}/tokenizer.json`) as Record<string, unknown> & { model: Record<string, unknown> };
}
