import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defineFigure, runFigures } from 'pattern-atlas';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { svdSpectra } from '../../../examples/from-a-script/figures.ts';

let out = '';
let said = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'script-'));
  const run = await promisify(execFile)(process.execPath, ['examples/from-a-script/run.ts', out]);
  said = run.stdout;
});
afterAll(() => rm(out, { recursive: true, force: true }));

const filesOf = async (figure: string) =>
  (await readdir(join(out, 'figures', figure), { recursive: true })).filter((file) => /\.\w+$/u.test(file));

test('the script draws three figures of 8 heads on 5 prompts, each a picture that can be read', async () => {
  expect(said).toContain('120 figures are in');
  for (const [figure, format] of [
    ['svd-spectra', 'svg'],
    ['attention-flow', 'svg'],
    ['gram', 'webp'],
  ] as const) {
    const files = await filesOf(figure);
    expect(files).toHaveLength(40);
    const picture = await readFile(join(out, 'figures', figure, files[0] ?? ''));
    expect((await sharp(picture).metadata()).format).toBe(format);
  }
});

const draw = (figures: Parameters<typeof runFigures>[0]['figures'], lines: string[] = []) =>
  runFigures({
    ...(figures && { figures }),
    savePath: join(out, 'store'),
    out: join(out, 'more'),
    nSamples: 2,
    log: (line) => lines.push(line),
  });

test('a figure that fails is reported with its place, the others are drawn, and it is not counted as done', async () => {
  const fails = defineFigure({
    name: 'fails',
    title: 'Fails',
    scope: 'pattern',
    inputs: ['pattern', 'position'],
    output: 'svg',
    reading: 'r',
    formula: 'f',
    misleads: 'm',
    source: { text: 's', year: 2026 },
    draw({ position }) {
      if (position.layer === 1) throw new Error('no second layer');
      return { kind: 'svg', svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
    },
  });
  for (const counts of ['2 made, 0 reused, 2 failed', '0 made, 2 reused, 2 failed']) {
    const lines: string[] = [];
    const { images, failures } = await draw([fails, svdSpectra], lines);
    expect(images).toBe(2 * (4 + 8));
    expect(failures).toHaveLength(2);
    expect(failures[0]).toMatchObject({
      code: 'figure-failed',
      explanation: { why: 'no second layer' },
      place: { model: 'tiny-gpt2', head: 'L1H0' },
    });
    expect(lines.join('')).toContain(counts);
  }
});

test('a figure that is none, or has the name of a built-in one, is refused', async () => {
  await expect(draw([{ ...svdSpectra, title: '' }])).rejects.toMatchObject({
    code: 'own-definition-invalid',
  });
  await expect(draw([{ ...svdSpectra, name: 'raw' }])).rejects.toMatchObject({ code: 'own-name-taken' });
});
