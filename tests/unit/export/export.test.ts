import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMetrics } from '../../../pipeline/export/export-metrics.ts';
import { exportNpz } from '../../../pipeline/export/export-npz.ts';
import { parquetWriter } from '../../../pipeline/export/parquet-table.ts';
import type { Column, Row } from '../../../pipeline/export/table.ts';
import { csvWriter, jsonWriter } from '../../../pipeline/export/text-tables.ts';
import { derive, type DeriveOptions } from '../../../pipeline/stages/derive.ts';
import { headsOf, type Job } from '../../../pipeline/stages/plan.ts';
import type { StoredPatterns } from '../../../pipeline/stages/read-patterns.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { selectMetrics } from '../../../src/core/metrics/index.ts';
import type { AtlasError } from '../../../src/schema/errors/index.ts';
import { quiet, runImport, type ImportRun } from '../import/import-run.ts';
import { PROMPTS, writeModel } from '../import/made-up-patterns.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-export-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const files = createFiles();
const options: DeriveOptions = {
  precision: 'compact',
  metrics: selectMetrics(['previous-token', 'induction', 'entropy']),
};

async function imported() {
  writeModel(folder, 'model');
  const run = await runImport(folder, join(folder, 'model'));
  const failures: AtlasError[] = [];
  const context = { files, reporter: quiet, signal: new AbortController().signal, failures };
  await derive(run.stored, run.store, context, options);
  return { run, context, failures };
}

const valuesOf = (patterns: StoredPatterns) => [...patterns.heads()].map(({ pattern }) => pattern.values);

async function storedValues(run: ImportRun, job: Job | undefined) {
  if (job === undefined) throw new Error('No such job');
  return valuesOf(await run.patterns(job));
}

describe('patterns exported as npz', () => {
  it('come back as the same values, tokens and prompts', async () => {
    const { run, context, failures } = await imported();
    const out = join(folder, 'out');
    expect(await exportNpz(run.stored, out, run.store, context, options)).toEqual({
      written: 2,
      maxError: 0,
    });
    expect(failures).toEqual([]);
    expect(readdirSync(out).sort()).toEqual(['figures.jsonl', 'model', 'models.jsonl']);
    const again = await runImport(join(folder, 'again'), out);
    expect(again.failures).toEqual([]);
    for (const [index, job] of run.stored.entries()) {
      const back = again.stored[index];
      expect(back?.prompt).toEqual(expect.objectContaining({ id: job.prompt.id, text: job.prompt.text }));
      expect(back?.prompt.meta).toEqual(job.prompt.meta);
      expect(back?.tokenized).toEqual(job.tokenized);
      expect(await storedValues(again, back)).toEqual(await storedValues(run, job));
    }
  });

  it('are the same bytes each time', async () => {
    const { run, context } = await imported();
    const bytes: Buffer[] = [];
    for (const out of ['a', 'b'].map((name) => join(folder, name))) {
      await exportNpz(run.stored, out, run.store, context, options);
      bytes.push(readFileSync(join(out, 'model/prompts', run.stored[0]?.prompt.id ?? '', 'activations.npz')));
    }
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('have what pattern-lens reads', async () => {
    const { run, context } = await imported();
    const out = join(folder, 'out');
    await exportNpz(run.stored, out, run.store, context, options);
    const config = JSON.parse(readFileSync(join(out, 'model/model_cfg.json'), 'utf8')) as unknown;
    expect(config).toMatchObject({ model_name: 'model', n_layers: 2, n_heads: 3, d_model: 64 });
    const [row] = readFileSync(join(out, 'model/prompts.jsonl'), 'utf8').split('\n');
    const { text = '', tokens = [] } = PROMPTS[0] ?? {};
    expect(JSON.parse(row ?? '')).toEqual({
      text,
      title: text,
      meta: { from: 'here' },
      hash: run.stored[0]?.prompt.id,
      n_tokens: tokens.length,
      tokens: tokens.map((token) => token.replace('Ġ', ' ')),
    });
  });

  it('come from packs, with their error, where the patterns were dropped', async () => {
    const { run, context } = await imported();
    rmSync(join(run.store.folder, 'activations'), { recursive: true });
    const { maxError } = await exportNpz(run.stored, join(folder, 'out'), run.store, context, options);
    expect(maxError).toBeGreaterThan(0);
    expect(maxError).toBeLessThanOrEqual(1 / 510 + 1e-7);
    const id = run.stored[0]?.prompt.id ?? '';
    const prompt = JSON.parse(readFileSync(join(folder, 'out/model/prompts', id, 'prompt.json'), 'utf8')) as {
      max_error: number;
    };
    expect(prompt.max_error).toBeGreaterThan(0);
    expect(prompt.max_error).toBeLessThanOrEqual(maxError);
  });

  it('are named where the store holds none; the others are written', async () => {
    const { run, context, failures } = await imported();
    const [first] = run.stored;
    const missing = { ...first, activationsKey: '0'.repeat(64) } as Job;
    const { written } = await exportNpz(
      [missing, ...run.stored.slice(1)],
      join(folder, 'out'),
      run.store,
      context,
      options,
    );
    expect(written).toBe(1);
    expect(failures.map(({ code, place }) => [code, place.model])).toEqual([['export-not-stored', 'model']]);
  });
});

describe('metrics exported as a table', () => {
  it('have a row a head and prompt, and the means of each head', async () => {
    const { run, context } = await imported();
    const { files: paths, rows } = await exportMetrics(
      run.stored,
      folder,
      'json',
      run.store,
      context,
      options,
    );
    const [table, heads] = paths.map(
      (path) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>[],
    );
    expect(rows).toBe(12);
    expect(table?.map(({ prompt, layer, head }) => [prompt, layer, head])).toEqual(
      run.stored.flatMap((job) => headsOf(job).map(({ layer, head }) => [job.prompt.id, layer, head])),
    );
    expect(heads).toHaveLength(6);
    for (const { layer, head, ...means } of heads ?? []) {
      const own = (table ?? []).filter((row) => row.layer === layer && row.head === head);
      const values = own.map(({ induction }) => induction).filter((value) => typeof value === 'number');
      expect(own).toHaveLength(2);
      // A word comes twice in the first prompt only.
      expect(values).toHaveLength(1);
      expect(means.induction).toBe(values[0]);
      const entropies = own.map((row) => row.entropy as number);
      expect(means.entropy).toBeCloseTo(((entropies[0] ?? 0) + (entropies[1] ?? 0)) / 2, 12);
    }
  });

  const columns: Column[] = [
    { name: 'model', kind: 'text' },
    { name: 'layer', kind: 'whole' },
    { name: 'score', kind: 'number' },
  ];
  const rows: Row[] = [
    ['plain', 0, 0.1],
    ['with, comma and "quotes"', 31, null],
    ['zweite Größe', 2, 1e-7],
  ];
  const bytesOf = (writer: ReturnType<typeof csvWriter>, batches: readonly (readonly Row[])[]) =>
    Buffer.concat([writer.begin(), ...batches.map((batch) => writer.rows(batch)), writer.end()]);

  it('is CSV by RFC 4180', () => {
    expect(bytesOf(csvWriter(columns), [rows]).toString()).toBe(
      'model,layer,score\nplain,0,0.1\n"with, comma and ""quotes""",31,\nzweite Größe,2,1e-7\n',
    );
  });

  it('is JSON in as many parts as it comes', () => {
    const objects = rows.map(([model, layer, score]) => ({ model, layer, score }));
    for (const batches of [[rows], rows.map((row) => [row]), [[], rows, []]]) {
      expect(JSON.parse(bytesOf(jsonWriter(columns), batches).toString())).toEqual(objects);
    }
    expect(JSON.parse(bytesOf(jsonWriter(columns), []).toString())).toEqual([]);
  });

  it('is Parquet that other programs read, of several row groups', async () => {
    const many = Array.from({ length: 120_000 }, (_, at): Row => [
      `model ${at % 3}`,
      at,
      at % 7 === 0 ? null : at / 8,
    ]);
    const batches = Array.from({ length: 12 }, (_, at) => many.slice(at * 10_000, (at + 1) * 10_000));
    const bytes = bytesOf(parquetWriter(columns), batches);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const objects = await parquetReadObjects({ file });
    expect(objects).toHaveLength(many.length);
    for (const at of [0, 1, 7, 49_999, 50_000, 119_999]) {
      const [model, layer, score] = many[at] ?? [];
      expect(objects[at]).toEqual({ model, layer, score });
    }
  });
});
