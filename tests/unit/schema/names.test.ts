import { describe, expect, it } from 'vitest';
import { suggest } from '../../../src/schema/errors/suggest.ts';
import { checkModelNames, sanitizeModelName } from '../../../src/schema/names.ts';
import { assets, paths, withBase } from '../../../src/schema/urls.ts';

describe('model names', () => {
  it.each([
    ['EleutherAI/pythia-14m', 'EleutherAI-pythia-14m'],
    ['gpt2 (small)', 'gpt2__small_'],
    ['Köln/modèle', 'K_ln-mod_le'],
    ['pythia-1.4b', 'pythia-1.4b'],
  ])('%s becomes %s, as in pattern-lens', (name, id) => {
    expect(sanitizeModelName(name)).toBe(id);
  });

  it.each([
    [['models']],
    [['Search']],
    [['.']],
    [['..']],
    [['pagefind']],
    [['_astro']],
    [['card.png']],
    [['Sitemap.xml']],
    [['a', 'A']],
    [['x/y', 'x-y']],
    [['']],
  ])('%j is refused', (names) => {
    expect(() => checkModelNames(names)).toThrow(expect.objectContaining({ code: 'model-name-refused' }));
  });
});

describe('addresses', () => {
  it('are those of the contract', () => {
    const head = { model: 'm', stack: 'self', layer: 3, head: 5 } as const;
    expect(paths.head(head)).toBe('/m/L3/H5/');
    expect(paths.head({ ...head, stack: 'cross' })).toBe('/m/cross/L3/H5/');
    expect(paths.layer('m', 'encoder', 0)).toBe('/m/encoder/L0/');
    expect(paths.prompts(1)).toBe('/prompts/');
    expect(paths.prompts(2)).toBe('/prompts/page/2/');
    expect(assets.sheet('contact-sheet', head)).toBe('/generated/figures/contact-sheet/m/L3H5.png');
  });

  it.each([
    ['/', '/view/'],
    ['/pattern-atlas/', '/pattern-atlas/view/'],
    ['/pattern-atlas', '/pattern-atlas/view/'],
  ])('stand below the base %s', (base, expected) => {
    expect(withBase(base, '/view/')).toBe(expected);
  });
});

describe('suggestions', () => {
  it('name the nearest where one is near, and the known ones', () => {
    expect(suggest('tiny-gtp2', ['tiny-gpt2', 'tiny-llama'])).toBe(
      'Did you mean "tiny-gpt2"? Known: tiny-gpt2, tiny-llama.',
    );
    expect(suggest('bert', ['tiny-gpt2'])).toBe('Known: tiny-gpt2.');
    expect(suggest('x', [])).toBe('There are none to choose from.');
  });
});
