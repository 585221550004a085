import { describe, expect, it } from 'vitest';
import {
  clipped,
  livePath,
  MOST_CHARACTERS,
  parseLive,
  parseTexts,
  textFragment,
  type LiveState,
} from '../../../src/schema/live-state.ts';

const fragmentOf = (path: string) => new URL(path, 'https://example.org').hash;

describe('the address of /live/', () => {
  it.each<LiveState>([
    { text: '', ablations: [] },
    { text: 'The cat', ablations: [], model: 'tiny-gpt2', head: { layer: 1, head: 2 } },
    {
      text: 'a & b = c # d % + e\n\tשלום 👩‍👩‍👧 <b>',
      ablations: [
        { layer: 0, head: 3, kind: 'zero' },
        { layer: 1, head: 0, kind: 'mean' },
      ],
      model: 'EleutherAI-pythia-14m',
    },
    { text: '', ablations: [], prompt: 'ahlg5xQv3iZEXgXOOSyjpQ' },
    {
      text: 'map=x & scale=y',
      ablations: [],
      head: { layer: 0, head: 1 },
      display: {
        figure: 'rollout',
        scale: 'log',
        map: 'embers',
        range: [0, 0.5],
        pin: { query: 3, key: 1 },
        zoom: { queries: [1, 3], keys: [0, 2] },
      },
    },
  ])('says %j again when it is read', (state) => {
    expect(parseLive(fragmentOf(livePath(state)))).toEqual(state);
  });

  it('holds everything behind #', () => {
    const url = new URL(livePath({ text: 'a secret', model: 'm', ablations: [] }), 'https://example.org');
    expect(url.search).toBe('');
    expect(url.pathname).toBe('/live/');
  });

  it.each([
    '#model=../x&head=L1&prompt=short&off=H1,L0H1~max,,&scale=cubic&map=x&range=1..0&pin=a',
    '#%',
    '#&&=',
    '',
  ])('leaves out what cannot be understood: %s', (fragment) => {
    expect(parseLive(fragment)).toEqual({ text: '', ablations: [] });
  });

  it('takes no more characters than pages do, and no half of one', () => {
    expect(clipped('a'.repeat(MOST_CHARACTERS + 5))).toHaveLength(MOST_CHARACTERS);
    const cut = clipped(`${'a'.repeat(MOST_CHARACTERS - 1)}😀`);
    expect(cut).toBe('a'.repeat(MOST_CHARACTERS - 1));
    expect(parseLive(`#text=${'b'.repeat(MOST_CHARACTERS * 2)}`).text).toHaveLength(MOST_CHARACTERS);
  });
});

describe('typed texts in the address of a view or of panes', () => {
  it('are there again when it is read, each with its ablations', () => {
    const texts = {
      text1: { text: 'a & b\n=c', ablations: [] },
      text2: { text: 'שלום #', ablations: [{ layer: 1, head: 0, kind: 'mean' } as const] },
    };
    expect(parseTexts(textFragment(texts))).toEqual(texts);
    expect(textFragment({})).toBe('');
  });

  it('are none but text1 to text6', () => {
    expect(parseTexts('#text0=a&text7=b&text=c&off1=L0H0&text6=d')).toEqual({
      text6: { text: 'd', ablations: [] },
    });
  });
});
