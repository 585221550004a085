import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../src/engine/tokenizers/patterns.ts';

const KNOWN = {
  'GPT-2': String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  'Llama 3': String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  'DeepSeek V3': String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_\x60{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  o200k: String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  BLOOM: String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`,
};

describe('patterns of tokenizer files', () => {
  it.each(Object.entries(KNOWN))('%s is accepted, and its stretches cover the text', (_name, Regex) => {
    const text = "I'll  go—now (ΑΒΓ) 12345\r\n\r\n\tYou'RE here… ok";
    const stretches = createMatcher({ Regex })(text);
    expect(stretches.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text);
    expect(stretches.length).toBeGreaterThan(5);
  });

  it('tells matches from the text between them', () => {
    expect(createMatcher({ Regex: 'b+' })('abbcb')).toEqual([
      { from: 0, to: 1, matched: false },
      { from: 1, to: 3, matched: true },
      { from: 3, to: 4, matched: false },
      { from: 4, to: 5, matched: true },
    ]);
  });

  it('takes a literal literally, and finds nothing for an empty one', () => {
    expect(createMatcher({ String: '.' })('a.b').map(({ matched }) => matched)).toEqual([false, true, false]);
    expect(createMatcher({ String: '' })('ab')).toEqual([{ from: 0, to: 2, matched: false }]);
  });

  it('counts a plus in a character class as a character, wherever its bracket ends', () => {
    expect(() => createMatcher({ Regex: '(?:[a+*])+' })).not.toThrow();
    expect(() => createMatcher({ Regex: '([]+a])+' })).not.toThrow();
    expect(() => createMatcher({ Regex: '([^]]+)+' })).toThrow();
  });

  it('refuses a pattern that is absurdly long', () => {
    expect(() => createMatcher({ Regex: 'a|'.repeat(20_000) })).toThrow(
      expect.objectContaining({ code: 'tokenizer-invalid' }),
    );
  });
});
