import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

let atlas: SmallAtlas;
beforeAll(async () => {
  atlas = await smallAtlas();
}, 60_000);
afterAll(() => atlas.remove());

const text = `title: 'T', reading: 'r', formula: 'f', misleads: 'm', source: { text: 's', year: 2026 }`;
const write = (name: string, inputs: readonly string[], observe: string, draw: string) =>
  writeFile(
    join(atlas.folder, `${name}.ts`),
    `export default { name: '${name}', ${text}, scope: 'head', output: 'svg', inputs: ${JSON.stringify(inputs)},
      observe: (input) => ${observe},
      draw: (kept) => ({ kind: 'svg', svg: '<svg xmlns="http://www.w3.org/2000/svg"><text>' + (${draw}) + '</text></svg>' }) };`,
  );
const EVERYTHING = [
  'pattern',
  'ids',
  'tokens',
  'places',
  'valueNorms',
  'tokenLoss',
  'scores',
  'logitEffects',
  'mean',
  'stack',
  'position',
];
const COUNTS =
  '[input.pattern.rows, input.ids.length, input.places.offsets.length, input.valueNorms.length, input.tokenLoss.length, input.stack.length, input.mean.rows, input.position.head, input.scores.rows, input.logitEffects.columns]';
const published = (name: string, head: string) =>
  readFile(join(atlas.folder, 'public/generated/figures', name, 'tiny-gpt2', `${head}.svg`), 'utf8');

it('are drawn at build of all prompts, from every input that a figure declares', async () => {
  await write('all-of-it', EVERYTHING, COUNTS, "kept.map((one) => one.join('/')).sort().join(' ')");
  await atlas.configure({ figures: ['raw', 'contact-sheet', 'token-pairs', './all-of-it.ts'] });
  const { status, stderr } = atlas.run('build');
  expect([status, stderr]).toEqual([0, expect.stringContaining('figures') as string]);
  expect(stderr.match(/^means /gmu)).toHaveLength(1);
  const drawing = await published('all-of-it', 'L1H3');
  expect(drawing).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"><style>/u);
  expect(drawing).toContain('<text>14/14/14/14/14/2/14/3/14/14 6/6/6/6/6/2/14/3/6/6</text>');
  expect(await published('token-pairs', 'L0H0')).toContain('query ↓');
  // The mean is for the drawing: no page fetches it.
  expect((await atlas.files('public/generated')).filter((file) => file.includes('mean-patterns'))).toEqual(
    [],
  );
  const { plan } = atlas.json('build', '--dry-run') as { plan: { made: number }[] };
  expect(plan.map(({ made }) => made)).toEqual(plan.map(() => 0));
}, 120_000);

it('are written by atlas figures, too', async () => {
  const { status, stderr } = atlas.run('figures', '--figure-funcs', 'all-of-it,token-pairs', '--out', 'out');
  expect(status).toBe(0);
  expect(stderr.match(/^means /gmu)).toHaveLength(1);
  const files = await atlas.files('out');
  expect(files.filter((file) => file.endsWith('.svg'))).toHaveLength(16);
  expect(await readFile(join(atlas.folder, 'out/all-of-it/tiny-gpt2/L1H3.svg'), 'utf8')).toBe(
    await published('all-of-it', 'L1H3'),
  );
}, 120_000);

it('that fail are reported by figure, model and head; the others are kept, and the run fails', async () => {
  await write(
    'fails',
    ['pattern', 'position'],
    'input.position.head',
    "kept.map((head) => { if (head > 1) throw new Error('no ' + head); return head })",
  );
  await atlas.configure({ figures: ['raw', 'contact-sheet', './fails.ts'] });
  const { status, stderr } = atlas.run('build');
  expect(status).toBe(1);
  expect(stderr).toContain('The figure "fails" failed, on 3 more heads, too');
  expect(stderr).toMatch(/no 2 \(fails\.ts:\d+:\d+\)/u);
  expect(stderr).toContain('L0H2');
  expect(atlas.run('build', '--keep-going').status).toBe(0);
  expect(await published('fails', 'L0H1')).toContain('>1,1<');
  await expect(published('fails', 'L0H2')).rejects.toThrow('ENOENT');
}, 120_000);

it('that keep nothing of any prompt are empty files', async () => {
  await write('nothing', ['pattern'], 'null', "''");
  await atlas.configure({ figures: ['raw', 'contact-sheet', './nothing.ts'] });
  expect(atlas.run('build').status).toBe(0);
  expect(await published('nothing', 'L0H0')).toBe('');
}, 120_000);
