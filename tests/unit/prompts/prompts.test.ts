import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptOf, promptIdOf, withoutDuplicates } from '../../../pipeline/prompts/prompt.ts';
import { readPromptFile } from '../../../pipeline/prompts/read-prompt-file.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { chunkRow } from '../../../src/core/prompts/chunk.ts';
import { shuffle } from '../../../src/core/prompts/shuffle.ts';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'atlas-prompts-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

async function read(content: string | Uint8Array, bounds?: { minCharacters: number; maxCharacters: number }) {
  const path = join(folder, 'set.jsonl');
  await fs.writeFile(path, content);
  return readPromptFile(createFiles(), path, bounds);
}

describe('prompt files', () => {
  it('keep texts and other keys as written, and pass over blank lines and a byte order mark', async () => {
    expect(await read('\uFEFF{"text": " a\\n", "n": 1}\r\n\n{"text":"b"}')).toEqual([
      { text: ' a\n', meta: { n: 1 } },
      { text: 'b', meta: {} },
    ]);
  });

  it.each([
    ['{"text": "a"}\n{"title": "b"}', 2, 'no key `text`'],
    ['{"text": 3}', 1, 'a number'],
    ['{"text": null}', 1, 'null'],
    ['{"text": ""}', 1, 'empty'],
    ['["text"]', 1, 'not an object'],
    ['{"text": "a"', 1, 'not JSON'],
    ['{"text": "\\ud800"}', 1, 'surrogate'],
  ])('refuse %j and name the row', async (content, row, reason) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'prompt-row-invalid',
      place: { row },
      explanation: { why: expect.stringContaining(reason) as string },
    });
  });

  it('refuse bytes that are no UTF-8, and say where', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"text":"a"}\n{"text":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n'),
    ]);
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'invalid-utf8',
      place: { row: 2 },
      message: expect.stringContaining('byte 9') as string,
    });
  });

  it('refuse a file without a prompt, and one that is not there', async () => {
    await expect(read('\n \n')).rejects.toMatchObject({ code: 'prompt-set-empty' });
    await expect(read('{"text":"short"}', { minCharacters: 10, maxCharacters: 20 })).rejects.toMatchObject({
      code: 'prompt-set-empty',
    });
    await expect(readPromptFile(createFiles(), join(folder, 'none'))).rejects.toMatchObject({
      code: 'prompt-set-missing',
    });
  });
});

describe('chunks', () => {
  it('are cut by code points, keep the metadata, and are dropped when short', () => {
    const row = { text: '😀😀😀😀😀😀😀', meta: { a: 1 } };
    expect(chunkRow(row, { minCharacters: 2, maxCharacters: 3 })).toEqual([
      { text: '😀😀😀', meta: { a: 1 } },
      { text: '😀😀😀', meta: { a: 1 } },
    ]);
    expect(chunkRow({ text: 'ab', meta: {} }, { minCharacters: 3, maxCharacters: 9 })).toEqual([]);
  });
});

describe('shuffle', () => {
  it('gives each seed an order of its own, always the same', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffle(items, 1)).toEqual(shuffle(items, 1));
    expect(shuffle(items, 1)).not.toEqual(shuffle(items, 2));
    expect(shuffle(items, 1).sort((a, b) => a - b)).toEqual(items);
  });
});

describe('prompts', () => {
  it('have the id that pattern-lens gives: base64url of the MD5 of the text', () => {
    // base64.urlsafe_b64encode(hashlib.md5("The quick brown fox".encode()).digest()).decode().rstrip("=")
    expect(promptIdOf('The quick brown fox')).toBe('ogBPN3MLlEVnCnOPoPye5Q');
  });

  it('take a caption from `title`, else from the beginning of the text', () => {
    expect(promptOf({ text: 'x', meta: { title: ' T ', k: 1 } }, 's')).toMatchObject({
      title: 'T',
      meta: { k: 1 },
    });
    expect(promptOf({ text: 'a\n b', meta: { title: 3 } }, 's')).toMatchObject({
      title: 'a b',
      meta: { title: 3 },
    });
    expect([...promptOf({ text: 'word '.repeat(40), meta: {} }, 's').title].length).toBeLessThanOrEqual(48);
  });

  it('lose those whose text came before', () => {
    const rows = ['a', 'b', 'a'].map((text) => promptOf({ text, meta: {} }, 's'));
    expect(withoutDuplicates(rows)).toMatchObject({ prompts: [{ text: 'a' }, { text: 'b' }], duplicates: 1 });
  });
});
