import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportedJob, Job } from '../../../pipeline/stages/plan.ts';
import { describeModel } from '../../../pipeline/stages/describe-model.ts';
import { encodeNpz } from '../../../src/core/npz/npz.ts';
import { patternMember } from '../../../src/core/npz/pattern-members.ts';
import type { Stack } from '../../../src/schema/stacks.ts';
import { codeOfAsync } from '../error-code.ts';
import { random } from '../random.ts';
import { runImport } from './import-run.ts';
import { madeUpMembers, madeUpPatterns, PROMPTS, writeModel } from './made-up-patterns.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-import-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The job of the nth prompt, or of the nth npz file. */
function at(jobs: readonly Job[], index: number): ImportedJob {
  const job = jobs[index];
  if (job === undefined || !('npz' in job)) throw new Error('No such import');
  return job;
}

describe('a folder that pattern-lens wrote', () => {
  it('is imported value by value, every model of it', async () => {
    const data = join(folder, 'data');
    writeModel(data, 'first');
    writeModel(data, 'second');
    writeFileSync(join(data, 'models.jsonl'), '');
    const run = await runImport(folder, data);
    expect(run.failures).toEqual([]);
    expect(run.stored.map(({ model, prompt }) => [model.source.id, prompt.text])).toEqual(
      ['first', 'second'].flatMap((model) => PROMPTS.map(({ text }) => [model, text])),
    );
    for (const [index, { tokens }] of PROMPTS.entries()) {
      const stored = await run.patterns(at(run.stored, index));
      expect(stored.pack.header.stacks.map(({ layout }) => layout)).toEqual([
        { kind: 'causal', n: tokens.length + 1 },
      ]);
      const members = madeUpMembers(2, 3, tokens.length + 1, index + 1);
      for (const { layer, head, pattern } of stored.heads()) {
        const cells = (tokens.length + 1) ** 2;
        expect(pattern.values).toEqual(members[layer]?.values.subarray(head * cells, (head + 1) * cells));
      }
    }
  });

  it('gives readable tokens, offsets and a labelled row for BOS', async () => {
    writeModel(folder, 'model');
    const { jobs } = await runImport(folder, join(folder, 'model'));
    expect(at(jobs, 0).tokenized).toEqual({
      ids: [0, 1, 2, 3, 4, 2],
      tokens: ['<bos>', 'the', ' cat', ' saw', ' the', ' cat'],
      offsets: [
        [0, 0],
        [0, 3],
        [3, 7],
        [7, 11],
        [11, 15],
        [15, 19],
      ],
      hasBos: true,
    });
    expect(at(jobs, 1).tokenized.tokens).toEqual(['<bos>', 'na', 'ï', 've', '\n', 'ends']);
    expect(at(jobs, 1).tokenized.offsets?.slice(1)).toEqual([
      [0, 2],
      [2, 3],
      [3, 5],
      [5, 6],
      [6, 10],
    ]);
    expect(at(jobs, 0).prompt.meta).toEqual({ from: 'here' });
  });

  it('tells of the model what its config tells', async () => {
    writeModel(folder, 'model');
    const { jobs } = await runImport(folder, join(folder, 'model'), 'owner/renamed');
    const record = describeModel(at(jobs, 0).model);
    expect(record).toMatchObject({
      id: 'owner-renamed',
      hiddenSize: 64,
      dtype: 'float32',
      prependsBos: true,
    });
    expect(record.imported).toMatchObject({ tokenizer: 'made-up' });
    expect(record.weightsSha256).toBeUndefined();
  });

  it('keeps what was stored, and reads nothing but the digest again', async () => {
    writeModel(folder, 'model');
    const first = await runImport(folder, join(folder, 'model'));
    const second = await runImport(folder, join(folder, 'model'));
    expect(second.jobs.map((job) => job.activationsKey)).toEqual(first.jobs.map((job) => job.activationsKey));
    expect(await first.store.keys('imports')).toHaveLength(2);
    expect(await first.store.keys('activations')).toHaveLength(2);
  });

  it('refuses one name for two models, and a folder that holds none', async () => {
    writeModel(join(folder, 'data'), 'first');
    writeModel(join(folder, 'data'), 'second');
    const named = () => runImport(folder, join(folder, 'data'), 'one');
    expect(await codeOfAsync(named)).toBe('import-name-unclear');
    mkdirSync(join(folder, 'empty'));
    expect(await codeOfAsync(() => runImport(folder, join(folder, 'empty')))).toBe('import-nothing');
    expect(await codeOfAsync(() => runImport(folder, join(folder, 'none')))).toBe('unreadable');
  });
});

describe('a folder of npz files', () => {
  const source = random(3);
  /** One layer, two heads, 4 tokens. */
  const layer = (values: Float32Array, stack: Stack = 'self') => {
    return { name: patternMember(stack, 0), shape: [2, 4, 4], values };
  };
  const write = (name: string, bytes: Uint8Array) => {
    mkdirSync(join(folder, 'model'), { recursive: true });
    writeFileSync(join(folder, 'model', name), bytes);
  };

  it('is one model, in the order of the numbers in the names; without tokens rows are numbered', async () => {
    for (const name of ['10.npz', '9.npz']) write(name, encodeNpz([layer(madeUpPatterns(source, 2, 4))]));
    const { jobs, failures } = await runImport(folder, join(folder, 'model'));
    expect(failures).toEqual([]);
    expect(jobs.map(({ prompt }) => prompt.text)).toEqual(['9', '10']);
    expect(at(jobs, 0).tokenized).toEqual({
      ids: [0, 1, 2, 3],
      tokens: ['0', '1', '2', '3'],
      isNumbered: true,
      hasBos: false,
    });
  });

  it('takes text and tokens from a JSON file of the same name; offsets are left out where they do not fit', async () => {
    write('a.npz', encodeNpz([layer(madeUpPatterns(source, 2, 4))]));
    write(
      'a.json',
      Buffer.from(JSON.stringify({ text: 'Hello there', tokens: ['hello', 'th', '##ere', '.'] })),
    );
    const { jobs } = await runImport(folder, join(folder, 'model'));
    expect(at(jobs, 0).prompt.text).toBe('Hello there');
    expect(at(jobs, 0).tokenized.tokens).toEqual(['hello', 'th', '##ere', '.']);
    expect(at(jobs, 0).tokenized.offsets).toBeUndefined();
  });

  it('is square where a single cell above a diagonal is not 0', async () => {
    write('a.npz', encodeNpz([layer(madeUpPatterns(source, 2, 4))]));
    write('b.npz', encodeNpz([layer(madeUpPatterns(source, 2, 4, false))]));
    const { jobs } = await runImport(folder, join(folder, 'model'));
    expect(jobs.map(({ stacks }) => stacks[0]?.layout)).toEqual([
      { kind: 'square', n: 4 },
      { kind: 'square', n: 4 },
    ]);
  });

  it('may hold the three stacks of an encoder-decoder', async () => {
    const members = (['encoder', 'decoder', 'cross'] as const).map((stack) =>
      layer(madeUpPatterns(source, 2, 4, stack === 'decoder'), stack),
    );
    write('a.npz', encodeNpz(members));
    const run = await runImport(folder, join(folder, 'model'));
    expect(run.jobs[0]?.stacks.map(({ stack, layout }) => [stack, layout.kind])).toEqual([
      ['encoder', 'square'],
      ['decoder', 'causal'],
      ['cross', 'rectangle'],
    ]);
    for (const { stack, head, pattern } of (await run.patterns(at(run.stored, 0))).heads()) {
      const member = members.find(({ name }) => name === patternMember(stack, 0));
      expect(pattern.values).toEqual(member?.values.subarray(head * 16, (head + 1) * 16));
    }
  });

  it('counts rows that sum to less than 1', async () => {
    const values = madeUpPatterns(source, 2, 4).map((value, index) => (index >= 28 ? value * 0.25 : value));
    write('a.npz', encodeNpz([layer(values)]));
    const { jobs } = await runImport(folder, join(folder, 'model'));
    const { shortRows } = at(jobs, 0).model.facts;
    expect(shortRows?.rows).toBe(1);
    expect(shortRows?.leastSum).toBeCloseTo(0.25, 6);
  });
});
