import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFolder } from '../../../bench/reference/check-folder.ts';
import { codeOfAsync } from '../error-code.ts';
import { writeModel } from '../import/made-up-patterns.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-reference-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A prompt of 64 tokens, long enough for the patterns to outweigh the header. */
const LONG = {
  text: Array.from({ length: 64 }, (_, at) => `w${at}`).join(' '),
  tokens: Array.from({ length: 64 }, (_, at) => (at === 0 ? 'w0' : `Ġw${at}`)),
};

describe('the check of a data folder of pattern-lens', () => {
  it('finds the same values in the store, and in packs within their stated error', async () => {
    writeModel(join(folder, 'data'), 'model', [LONG]);
    const [sizes] = await checkFolder(join(folder, 'data'), join(folder, 'store'));
    expect(sizes).toMatchObject({ model: 'model', patterns: 6, isPngThere: false });
    expect(sizes?.maxError.exact).toBe(0);
    expect(sizes?.maxError.compact).toBeGreaterThan(0.0019);
    expect(sizes?.maxError.fine).toBeLessThan(0.004);
    expect(sizes?.packs.compact).toBeLessThan(sizes?.packs.fine ?? 0);
    expect(sizes?.packs.fine).toBeLessThan(sizes?.png ?? 0);
  });

  it('fails where a file cannot be imported', async () => {
    const [prompt = ''] = writeModel(join(folder, 'data'), 'model');
    writeFileSync(join(prompt, 'activations.npz'), 'no zip file');
    const check = () => checkFolder(join(folder, 'data'), join(folder, 'store'));
    expect(await codeOfAsync(check)).toBe('npz-invalid');
  });
});
