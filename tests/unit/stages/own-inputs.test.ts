import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST, SECOND, smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

/** What an own figure says of its input: a number or text of the first head on a prompt. */
const SAYS: Readonly<Record<string, string>> = {
  ids: 'ids.length',
  places: 'places.text + places.offsets.length',
  valueNorms: 'valueNorms.length + (valueNorms.every((norm) => norm > 0) ? "" : "!")',
  tokenLoss: 'Number.isNaN(tokenLoss[0]) + "," + (tokenLoss.length - 1) + "," + (tokenLoss[1] > 0)',
  scores:
    'scores.rows + "," + Math.exp(scores.values[scores.columns] - scores.values[scores.columns + 1]).toFixed(3) + "," + (pattern.values[pattern.columns] / pattern.values[pattern.columns + 1]).toFixed(3)',
  logitEffects: 'logitEffects.layout.kind + "," + logitEffects.values.filter((value) => value !== 0).length',
  mean: 'mean.rows + "," + mean.values[0]',
  stack: 'stack.length + "x" + stack[0].length',
  tokens: 'tokens[1]',
};

let atlas: SmallAtlas;
beforeAll(async () => {
  atlas = await smallAtlas();
  for (const [input, says] of Object.entries(SAYS)) {
    const text = `title: 'T', reading: 'r', formula: 'f', misleads: 'm', source: { text: 's', year: 2026 }`;
    await writeFile(
      join(atlas.folder, `${input}.ts`),
      `export default { name: 'of-${input.toLowerCase()}', ${text}, scope: 'pattern', output: 'svg',
        inputs: ['pattern', 'tokens', '${input}'],
        draw: ({ pattern, tokens, ${input === 'tokens' ? '' : input} }) => ({ kind: 'svg',
          svg: '<svg xmlns="http://www.w3.org/2000/svg"><text>' + tokens.length + ':' + (${says}) + '</text></svg>' }) };`,
    );
  }
  const figures = Object.keys(SAYS).map((input) => `./${input}.ts`);
  await atlas.configure({ figures: ['raw', 'contact-sheet', ...figures] });
}, 60_000);
afterAll(() => atlas.remove());

/** What the figure of an input drew of the first head, by prompt. */
async function drawn(input: string): Promise<string[]> {
  const folder = join(atlas.folder, '.atlas/figures', `of-${input.toLowerCase()}`, 'tiny-gpt2');
  const prompts = await readdir(folder).catch(() => []);
  const files = prompts.map((prompt) => readFile(join(folder, prompt, 'L0H0.svg'), 'utf8'));
  return (await Promise.all(files)).map((svg) => /<text>(.*)<\/text>/u.exec(svg)?.[1] ?? svg).sort();
}

it('gives own figures every input that they declare', async () => {
  expect(atlas.run('build').status).toBe(0);
  const { status, stderr } = atlas.run('figures');
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('not available') as string]);
  const lengths = (await drawn('ids')).map((text) => Number(text.split(':')[0]));
  const longest = Math.max(...lengths);
  expect(lengths).toHaveLength(2);
  expect(await drawn('ids')).toEqual(lengths.map((n) => `${n}:${n}`));
  // The second text is the longer one, and its number of tokens comes first by letters.
  expect(await drawn('places')).toEqual(lengths.map((n, at) => `${n}:${at === 0 ? SECOND : FIRST}${n}`));
  expect(await drawn('valueNorms')).toEqual(lengths.map((n) => `${n}:${n}`));
  expect(await drawn('tokenLoss')).toEqual(lengths.map((n) => `${n}:true,${n - 1},true`));
  expect(await drawn('mean')).toEqual(lengths.map((n) => `${n}:${longest},1`));
  for (const [at, drawing] of (await drawn('scores')).entries()) {
    const [rows, ofScores, ofPattern] = drawing.split(':')[1]?.split(',') ?? [];
    expect([rows, Number(ofScores) / Number(ofPattern)]).toEqual([String(lengths[at]), expect.closeTo(1, 1)]);
  }
  expect(await drawn('logitEffects')).toEqual(lengths.map((n) => `${n}:square,${n ** 2}`));
  expect(await drawn('stack')).toEqual(lengths.map((n) => `${n}:2x4`));
  expect(await drawn('tokens')).toHaveLength(2);
}, 120_000);

it('publishes what pages fetch for them, and one mean a head', async () => {
  const files = await atlas.files('public/generated');
  const below = (folder: string) => files.filter((file) => file.includes(`/generated/${folder}/`));
  expect(below('mean-patterns')).toHaveLength(8);
  for (const folder of ['texts', 'token-loss', 'value-norms', 'scores', 'logit-effects']) {
    expect(below(folder)).toHaveLength(2);
  }
  await atlas.configure({ figures: ['raw', 'contact-sheet'] });
  expect(atlas.run('build').status).toBe(0);
  expect(await atlas.files('public/generated')).toHaveLength(files.length - 8 - 5 * 2);
}, 120_000);

it('says what is not available where the store lacks it, and goes on', async () => {
  await atlas.configure({ figures: ['raw', 'contact-sheet', './ids.ts', './mean.ts'] });
  const place = join(atlas.folder, 'other');
  expect(
    atlas.run('activations', '-m', 'tiny-gpt2', '-p', 'prompts.jsonl', '-s', place, '--min-chars', '1')
      .status,
  ).toBe(0);
  const { status, stderr } = atlas.run('figures', '-s', place, '--out', join(place, 'out'));
  expect(status).toBe(0);
  expect(stderr).toContain('of-ids is not available on 2 of 2 prompts: it needs pattern, tokens, ids');
  expect(stderr).not.toContain('of-mean is not');
}, 120_000);
