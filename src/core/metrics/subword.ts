import type { PatternInputs } from '../inputs.ts';
import { remember } from '../remember.ts';
import { isOfOneText, meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import type { Positions } from './occurrences.ts';
import { isSpecial } from './token-kinds.ts';

const LETTERS_END = /[\p{L}\p{M}\p{N}]$/u;
const LETTERS_BEGIN = /^[\p{L}\p{M}\p{N}]/u;

export const subword: PatternMetric<'pattern' | 'places'> = {
  name: 'subword',
  title: 'Subword',
  scope: 'pattern',
  inputs: ['pattern', 'places'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, a piece of a word attends to the pieces before it in the same word.',
  formula:
    'Mean, over the queries i that go on with a word, of Σ A[i, j] over the keys j < i that are pieces of that word. Not defined where every word is one token.',
  source: {
    text: 'Correia et al., Adaptively Sparse Transformers (a head that merges subwords)',
    year: 2019,
    url: 'https://aclanthology.org/D19-1223/',
  },
  misleads:
    'Most words have two pieces, and the piece before is the previous token: a previous-token head scores without knowing words.',
  compute({ pattern, places }) {
    if (!isOfOneText(pattern)) return null;
    const pieces = earlierPieces(places);
    return meanOnKeys(pattern, (query) => pieces[query]);
  },
};

/** For each token that goes on with a word, the pieces of the word before it. */
const earlierPieces: (places: PatternInputs['places']) => Positions = remember(({ text, offsets }) => {
  const characters = [...text];
  let beginning = 0;
  return offsets.map((offset, at) => {
    const [start, end] = offset;
    const before = offsets[at - 1];
    const goesOn =
      !isSpecial(offset) &&
      !isSpecial(before) &&
      before?.[1] === start &&
      LETTERS_END.test(characters[start - 1] ?? '') &&
      LETTERS_BEGIN.test(characters.slice(start, end).join(''));
    if (!goesOn) beginning = at;
    return beginning === at
      ? undefined
      : Array.from({ length: at - beginning }, (_, piece) => beginning + piece);
  });
});
