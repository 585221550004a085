import { describe, expect, it } from 'vitest';
import { findPlaces, placesOf, type Place } from '../../../../src/core/search/palette.ts';
import type { SiteIndex } from '../../../../src/schema/site-index.ts';

const models: SiteIndex['models'] = [
  { id: 'tiny-gpt2', name: 'tiny-gpt2', stacks: [{ stack: 'self', heads: 4, layers: [0, 2] }] },
  {
    id: 't5',
    name: 't5',
    stacks: [
      { stack: 'encoder', heads: 2, layers: [0, 1, 2] },
      { stack: 'decoder', heads: 2, layers: [0] },
    ],
  },
];
const prompts = [
  { id: 'a'.repeat(22), set: 's', title: 'A lamp with a switch', models: [] },
  { id: 'b'.repeat(22), set: 's', title: 'Clamps and cafés', models: [] },
];
const places = placesOf([{ kind: 'page', title: 'Heads', path: '/heads/' }], { models, prompts }, [
  { kind: 'metric', title: 'Induction', path: '/metrics/induction/', text: '' },
]);
const paths = (query: string, most = 12) => findPlaces(places, query, most).map(({ path }: Place) => path);

describe('the palette', () => {
  it.each([
    ['a head of a model', 'tiny-gpt2 L2H1', ['/tiny-gpt2/L2/H1/']],
    ['a head by a part of its model, in small letters', 'gpt l0h3', ['/tiny-gpt2/L0/H3/']],
    ['a head of every model that has it', 'L2H1', ['/tiny-gpt2/L2/H1/', '/t5/encoder/L2/H1/']],
    ['a head of one stack', 't5 decoder L0H1', ['/t5/decoder/L0/H1/']],
    ['the heads of a layer', 't5 L1', ['/t5/encoder/L1/H0/', '/t5/encoder/L1/H1/']],
    ['no head that there is not', 'tiny-gpt2 L1H0', []],
    ['a metric by its beginning', 'ind', ['/metrics/induction/']],
    ['a model', 't5', ['/t5/']],
    [
      'words anywhere, whole beginnings first',
      'lamp',
      [`/prompts/${'a'.repeat(22)}/`, `/prompts/${'b'.repeat(22)}/`],
    ],
    ['words without their accents', 'cafes', [`/prompts/${'b'.repeat(22)}/`]],
    ['the sections where nothing is asked', '  ', ['/heads/']],
    ['nothing where nothing fits', 'xyzzy', []],
  ])('finds %s', (_what, query, expected) => {
    expect(paths(query)).toEqual(expected);
  });

  it('lists no more than it is asked for', () => {
    expect(paths('L0', 3)).toHaveLength(3);
  });
});
