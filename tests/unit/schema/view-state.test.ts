import { describe, expect, it } from 'vitest';
import { STACKS } from '../../../src/schema/stacks.ts';
import {
  comparePath,
  MOST_PANES,
  parseCompare,
  parseView,
  SCALES,
  viewPath,
  type Display,
  type PatternAddress,
} from '../../../src/schema/view-state.ts';
import { random, type Random } from '../random.ts';

const LETTERS = 'ABCXYZabcxyz0189-_';
const PROMPT = 'ahlg5xQv3iZEXgXOOSyjpQ';

function someAddress(r: Random): PatternAddress {
  return {
    model: r.text(`${LETTERS}.`, 1 + r.below(30)),
    stack: r.pick(STACKS),
    layer: r.below(200),
    head: r.below(200),
    prompt: r.text(LETTERS, 22),
  };
}

function someDisplay(r: Random): Display {
  const [query, key] = [r.below(2000), r.below(2000)];
  return {
    ...(r.next() < 0.5 ? { figure: r.text('abcxyz019', 8) } : {}),
    ...(r.next() < 0.5 ? { scale: r.pick(SCALES) } : {}),
    ...(r.next() < 0.5 ? { range: [r.next() * 1e-5 - 1, r.next()] as const } : {}),
    ...(r.next() < 0.5 ? { pin: { query, key } } : {}),
    ...(r.next() < 0.5
      ? { zoom: { queries: [query, query + r.below(9)], keys: [key, key + r.below(9)] } as const }
      : {}),
    ...(r.next() < 0.5 ? { embed: true } : {}),
  };
}

function queryOf(path: string): string {
  return new URL(path, 'https://example.org').search;
}

describe('the address of a view', () => {
  it('is short where there is nothing to say', () => {
    const address = { model: 'tiny-gpt2', stack: 'self', layer: 1, head: 2, prompt: PROMPT } as const;
    expect(viewPath(address)).toBe(`/view/?model=tiny-gpt2&layer=1&head=2&prompt=${PROMPT}`);
    expect(
      viewPath(
        { ...address, stack: 'cross' },
        {
          scale: 'log',
          range: [0.001, 0.5],
          pin: { query: 12, key: 5 },
          zoom: { queries: [8, 31], keys: [0, 23] },
        },
      ),
    ).toBe(
      `/view/?model=tiny-gpt2&stack=cross&layer=1&head=2&prompt=${PROMPT}&scale=log&range=0.001..0.5&pin=12,5&zoom=8..31,0..23`,
    );
  });

  it('gives back what it was made of', () => {
    for (let seed = 0; seed < 500; seed++) {
      const r = random(seed);
      const [address, display] = [someAddress(r), someDisplay(r)];
      expect(parseView(queryOf(viewPath(address, display)))).toEqual({ address, display, problems: [] });
    }
  });

  it('may be empty, or name only a part', () => {
    expect(parseView('')).toEqual({ address: { stack: 'self' }, display: {}, problems: [] });
    expect(parseView('?model=m&layer=&unknown=1')).toEqual({
      address: { model: 'm', stack: 'self' },
      display: {},
      problems: [],
    });
  });

  it.each([
    ['layer=-1', 'layer'],
    ['layer=1.5', 'layer'],
    ['head=L1H2', 'head'],
    ['head=99999999999', 'head'],
    ['model=a/b', 'model'],
    ['prompt=short', 'prompt'],
    ['stack=middle', 'stack'],
    ['scale=cubic', 'scale'],
    ['range=1..0', 'range'],
    ['range=0..', 'range'],
    ['range=0..1..2', 'range'],
    ['range=a..b', 'range'],
    ['pin=1', 'pin'],
    ['pin=1,-2', 'pin'],
    ['zoom=5..1,0..3', 'zoom'],
    ['zoom=1..5', 'zoom'],
    ['figure=../x', 'figure'],
  ])('says what is wrong with %s and keeps the rest', (part, parameter) => {
    const rest = parameter === 'model' ? 'pin=3,4' : 'model=tiny-gpt2';
    const parsed = parseView(`?${rest}&${part}`);
    expect(parsed.problems).toEqual([{ parameter, text: expect.stringContaining(`“${part}”`) as string }]);
    if (parameter === 'model') expect(parsed.display.pin).toEqual({ query: 3, key: 4 });
    else expect(parsed.address.model).toBe('tiny-gpt2');
  });

  it('never throws, and never repeats a long string', () => {
    for (let seed = 0; seed < 500; seed++) {
      const r = random(seed);
      const parameter = r.pick(['model', 'layer', 'pane', 'pin', 'zoom', 'range', 'scale', 'show']);
      const query = `${parameter}=${r.text(`${LETTERS}.,~%&=+#<>"`, r.below(300))}`;
      for (const { text } of [...parseView(query).problems, ...parseCompare(query).problems]) {
        expect(text.length).toBeLessThan(200);
      }
    }
  });
});

describe('the address of a comparison', () => {
  it('has a pane in one word', () => {
    const pane = { model: 'tiny-gpt2', stack: 'self', layer: 1, head: 2, prompt: PROMPT } as const;
    expect(comparePath([pane, { ...pane, stack: 'encoder' }], { difference: true })).toBe(
      `/compare/?pane=tiny-gpt2~L1H2~${PROMPT}&pane=tiny-gpt2~encoder~L1H2~${PROMPT}&show=difference`,
    );
    expect(comparePath([])).toBe('/compare/');
  });

  it('gives back what it was made of', () => {
    for (let seed = 0; seed < 500; seed++) {
      const r = random(seed);
      const panes = Array.from({ length: 1 + r.below(MOST_PANES) }, () => someAddress(r));
      const display = { ...someDisplay(r), ...(r.next() < 0.5 ? { difference: true } : {}) };
      expect(parseCompare(queryOf(comparePath(panes, display)))).toEqual({ panes, display, problems: [] });
    }
  });

  it('keeps the panes that can be understood, six at most', () => {
    const good = `pane=m~L0H1~${PROMPT}`;
    const parsed = parseCompare(`?${good}&pane=m~L0~${PROMPT}&pane=&pane=a~b~c~d~e&${good}`);
    expect(parsed.panes).toHaveLength(2);
    expect(parsed.problems.map((problem) => problem.parameter)).toEqual(['pane', 'pane', 'pane']);
    const many = parseCompare(`?${Array.from({ length: 9 }, () => good).join('&')}`);
    expect(many.panes).toHaveLength(MOST_PANES);
    expect(many.problems).toEqual([
      { parameter: 'pane', text: 'The link names 9 panes; the first 6 are shown.' },
    ]);
  });
});
