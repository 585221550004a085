import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HeadRecord } from '../../../src/schema/records.ts';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

const INPUTS = ['pattern', 'ids', 'tokens', 'places', 'valueNorms', 'tokenLoss', 'stack', 'position'];
const TEXT = `title: 'T', reading: 'r', formula: 'f', misleads: 'm', source: { text: 's', year: 2026 }, group: 'shape'`;

let atlas: SmallAtlas;
beforeAll(async () => {
  atlas = await smallAtlas();
}, 60_000);
afterAll(() => atlas.remove());

it('gives own metrics of heads every input that is known of a prompt, the head’s place in its stack among them', async () => {
  const value = `(({ pattern, ids, tokens, places, valueNorms, tokenLoss, stack, position: { layer, head } }) => {
    const lengths = [ids, tokens, places.offsets, valueNorms, tokenLoss].map((each) => each.length);
    if (lengths.some((length) => length !== pattern.rows)) throw new Error(lengths.join());
    if (stack[layer][head].values.some((each, at) => each !== pattern.values[at])) throw new Error('another');
    return 10 * layer + head;
  })`;
  const file = (name: string, rest: string) =>
    writeFile(
      join(atlas.folder, `${name}.ts`),
      `export default { name: '${name}', ${TEXT}, range: [0, 20], inputs: ${JSON.stringify(INPUTS)}, ${rest} };`,
    );
  await file('of-one', `scope: 'pattern', compute: ${value}`);
  await file(
    'of-all',
    `scope: 'head', prompts: 'atlas', observe: (input) => [${value}(input)], compute: ([[first]]) => first`,
  );
  await atlas.configure({ metrics: ['./of-one.ts', './of-all.ts', 'sink-heads'] });
  const { status, stderr } = atlas.run('build');
  expect([status, stderr]).toEqual([0, expect.stringContaining('metrics') as string]);
  const heads = JSON.parse(
    await readFile(join(atlas.folder, 'content/generated/heads.json'), 'utf8'),
  ) as HeadRecord[];
  const places = [0, 1, 2, 3, 10, 11, 12, 13];
  expect(heads.map(({ metrics }) => metrics['of-one']?.mean)).toEqual(places);
  expect(heads.map(({ metrics }) => metrics['of-all']?.mean)).toEqual(places);
}, 120_000);
