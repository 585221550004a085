import { createHash } from 'node:crypto';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/content-loader/read-records.ts';
import { RECORDS_VERSION } from '../../../src/schema/records.ts';

const PROMPT = 'ahlg5xQv3iZEXgXOOSyjpQ';
const DIGEST = '0'.repeat(64);
const TILE = { x: 0, y: 0, width: 3, height: 3 };

const MODELS = [
  {
    id: 'tiny',
    name: 'tiny',
    family: 'GPT-2',
    modelType: 'gpt2',
    hiddenSize: 8,
    vocabularySize: 16,
    context: 32,
    parameters: 100,
    dtype: 'float32',
    weightsBytes: 400,
    weightsSha256: DIGEST,
    tokenizerSha256: DIGEST,
    prependsBos: false,
    source: 'models/tiny',
    stacks: [
      { stack: 'self', layout: 'causal', heads: 1, layers: [{ index: 0, kind: 'full', hasPattern: true }] },
    ],
    sheet: { width: 3, height: 3, tiles: [{ ...TILE, prompt: PROMPT }] },
  },
];
const HEADS = [
  { id: 'tiny/L0/H0', model: 'tiny', stack: 'self', layer: 0, head: 0, metrics: { entropy: null } },
];
const PROMPTS = [
  {
    id: PROMPT,
    set: 'words',
    title: 'Three words',
    text: 'a b c',
    characters: 5,
    meta: {},
    tokenizations: [
      {
        models: ['tiny'],
        tokens: ['a', ' b', ' c'],
        offsets: [
          [0, 1],
          [1, 3],
          [3, 5],
        ],
      },
    ],
    models: [
      {
        model: 'tiny',
        tokens: 3,
        packBytes: 10,
        plate: { width: 3, height: 3, tiles: [{ ...TILE, stack: 'self', layer: 0, head: 0 }] },
        values: { entropy: [null] },
      },
    ],
  },
];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
  await write({});
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes the records as the pipeline would, with what `other` has in place. */
async function write(other: {
  readonly heads?: unknown;
  readonly counts?: Readonly<Record<string, number>>;
  readonly version?: number;
}): Promise<void> {
  const texts = {
    models: JSON.stringify(MODELS),
    heads: JSON.stringify(other.heads ?? HEADS),
    prompts: JSON.stringify(PROMPTS),
  };
  const atlas = {
    version: other.version ?? RECORDS_VERSION,
    title: 'An atlas',
    description: '',
    precision: 'compact',
    maxError: 0.002,
    sets: [{ name: 'words', title: 'Words', description: '', prompts: 1 }],
    series: [],
    figures: ['raw'],
    metrics: ['entropy'],
    counts: { models: 1, heads: 1, prompts: 1, patterns: 1, ...other.counts },
    collections: Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]),
    ),
    versions: {},
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.json`), text);
  await writeFile(join(folder, 'atlas.json'), JSON.stringify(atlas));
}

/** The code of the error that reading ends in. */
function failure(): Promise<unknown> {
  return readRecords(folder).then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  );
}

describe('the records of the site', () => {
  it('are read whole', async () => {
    const { atlas, models, heads, prompts } = await readRecords(folder);
    expect(atlas.title).toBe('An atlas');
    expect([models.length, heads.length, prompts.length]).toEqual([1, 1, 1]);
    expect(prompts[0]?.tokenizations[0]?.tokens).toEqual(['a', ' b', ' c']);
  });

  it.each(['atlas.json', 'models.json', 'heads.json', 'prompts.json'])(
    'are not read without %s',
    async (file) => {
      await unlink(join(folder, file));
      expect(await failure()).toBe('records-missing');
      await expect(readRecords(folder)).rejects.toThrow(file);
    },
  );

  it.each(['atlas.json', 'heads.json'])('are not read where %s is empty or cut off', async (file) => {
    await writeFile(join(folder, file), '');
    expect(await failure()).toBe('records-missing');
    await writeFile(join(folder, file), '[{"id":"ti');
    expect(await failure()).toBe('records-missing');
  });

  it('are not read where a collection comes from another run', async () => {
    await writeFile(join(folder, 'heads.json'), JSON.stringify([...HEADS, ...HEADS]));
    expect(await failure()).toBe('records-missing');
  });

  it('are not read where a collection holds fewer than the atlas counts, or none', async () => {
    await write({ counts: { heads: 2 } });
    expect(await failure()).toBe('records-missing');
    await write({ heads: [], counts: { heads: 0 } });
    expect(await failure()).toBe('records-missing');
  });

  it('are not read from another version, and say which value is wrong', async () => {
    await write({ version: RECORDS_VERSION + 1 });
    expect(await failure()).toBe('record-invalid');
    await expect(readRecords(folder)).rejects.toThrow('version');
  });

  it('are not read where a record does not fit its schema, with the place of what is wrong', async () => {
    await write({ heads: [{ ...HEADS[0], layer: -1 }] });
    expect(await failure()).toBe('record-invalid');
    await expect(readRecords(folder)).rejects.toThrow('0.layer');
  });
});
