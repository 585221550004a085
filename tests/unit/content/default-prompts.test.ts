import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTokenizer } from '../../../pipeline/checkpoint/read-tokenizer.ts';
import { parsePromptRow, type PromptRow } from '../../../src/core/prompts/prompt-row.ts';
import type { AtlasTokenizer } from '../../../src/engine/tokenizers/tokenizer.ts';

const SETS = new URL('../../../content/prompts/', import.meta.url);
const MODEL = fileURLToPath(new URL('../../../models/tiny-gpt2/', import.meta.url));
const CONTEXT = 128;

function rowsOf(file: string): PromptRow[] {
  return readFileSync(new URL(file, SETS), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const row = parsePromptRow(line);
      if (typeof row === 'string') throw new Error(`${file}: ${row}`);
      return row;
    });
}

const files = readdirSync(SETS).filter((name) => name.endsWith('.jsonl'));
const rows = files.flatMap(rowsOf);
let tokenizer: AtlasTokenizer;
beforeAll(async () => {
  tokenizer = await readTokenizer(MODEL);
});
const lengthOf = ({ text }: PromptRow): number => tokenizer.encode(text, { special: true }).ids.length;

describe('the default prompts', () => {
  it('are at least 60 in at least 6 sets, and the table beside them lists every set', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(files.length).toBeGreaterThanOrEqual(6);
    const table = readFileSync(new URL('README.md', SETS), 'utf8');
    expect(Array.from(table.matchAll(/^\| (\S+\.jsonl) +\|/gmu), ([, name]) => name).sort()).toEqual(
      files.sort(),
    );
  });

  it('have different texts and different short titles', () => {
    const titles = rows.map(({ meta }) => meta.title);
    expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length);
    expect(new Set(titles).size).toBe(rows.length);
    for (const title of titles) expect(title).toMatch(/^\S+( \S+){1,5}$/u);
  });

  it('fit the context of the embedded models after the begin-of-text token, and most have 20 to 90 tokens', () => {
    for (const row of rows) expect([row.meta.title, lengthOf(row) < CONTEXT]).toEqual([row.meta.title, true]);
    const usual = rows.filter((row) => lengthOf(row) >= 20 && lengthOf(row) <= 90);
    expect(usual.length).toBeGreaterThan(rows.length * 0.7);
  });

  it('hold what a page must escape, letters beyond ASCII, and an emoji', () => {
    for (const part of ['<', '&', '"', "'", 'é', '\n', '🎈']) {
      expect([part, rows.some(({ text }) => text.includes(part))]).toEqual([part, true]);
    }
  });

  it('pair texts of equal length in tokens, which differ in as many places as tokens were changed', () => {
    const pairs = Map.groupBy(
      rows.filter(({ meta }) => meta.pair !== undefined),
      ({ meta }) => meta.pair,
    );
    expect(pairs.size).toBeGreaterThanOrEqual(8);
    for (const [name, pair] of pairs) {
      const [first, second, ...more] = pair.map(({ text }) => tokenizer.encode(text, { special: false }).ids);
      expect([name, more]).toEqual([name, []]);
      expect([name, second?.length]).toEqual([name, first?.length]);
      const changed = first?.filter((id, i) => id !== second?.[i]).length;
      expect([name, changed]).not.toEqual([name, 0]);
      expect(changed).toBeLessThanOrEqual(4);
    }
  });
});
