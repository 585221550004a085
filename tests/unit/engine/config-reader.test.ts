import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/engine/config-reader.ts';
import { codeOf } from '../error-code.ts';

const read = (config: Record<string, unknown>, aliases = {}) => readConfig(config, 'Test', aliases);

describe('values', () => {
  it('gives what stands in the config, else the fallback; null counts as absent', () => {
    const config = read({ a: 3, b: null, c: 0.5, d: false, e: 'relu', f: [1, 2], g: ['x'] });
    expect(config.integer('a', 7)).toBe(3);
    expect(config.integer('b', 7)).toBe(7);
    expect(config.integer('missing', 7)).toBe(7);
    expect(config.number('c')).toBe(0.5);
    expect(config.optionalNumber('b')).toBeUndefined();
    expect(config.boolean('d', true)).toBe(false);
    expect(config.choice('e', ['relu', 'gelu'])).toBe('relu');
    expect(config.numbers('f')).toEqual([1, 2]);
    expect(config.strings('g')).toEqual(['x']);
    expect(config.strings('b')).toBeUndefined();
    expect([config.has('a'), config.has('b'), config.has('missing')]).toEqual([true, false, false]);
  });

  it('tells a null from a missing key where that makes a difference', () => {
    const config = read({ sliding_window: null, other: 8 });
    expect(config.nullableInteger('sliding_window', 4096)).toBeNull();
    expect(config.nullableInteger('missing', 4096)).toBe(4096);
    expect(config.nullableInteger('missing', null)).toBeNull();
    expect(config.nullableInteger('other', null)).toBe(8);
  });

  it.each([
    ['a string for a number', (c: ReturnType<typeof read>) => c.integer('text')],
    ['a fraction for a whole number', (c: ReturnType<typeof read>) => c.integer('half')],
    ['a number below the least', (c: ReturnType<typeof read>) => c.integer('zero')],
    ['a number for true or false', (c: ReturnType<typeof read>) => c.boolean('zero')],
    ['an unknown choice', (c: ReturnType<typeof read>) => c.choice('text', ['relu'])],
    ['a list with a foreign item', (c: ReturnType<typeof read>) => c.numbers('mixed')],
    ['a list for an object', (c: ReturnType<typeof read>) => c.group('mixed')],
    ['a key that must be there', (c: ReturnType<typeof read>) => c.number('missing')],
    ['a key that only objects have by nature', (c: ReturnType<typeof read>) => c.integer('constructor')],
  ])('refuses %s', (_, action) => {
    const config = read({ text: 'x', half: 1.5, zero: 0, mixed: [1, 'a'] });
    expect(codeOf(() => action(config))).toBe('config-value-invalid');
  });

  it('reads a key under another name', () => {
    const config = read({ hidden_size: 12 }, { hidden_size: 'n_embd' });
    expect(config.integer('n_embd', 768)).toBe(12);
    config.finish();
  });
});

describe('finish', () => {
  it('refuses a key that nobody asked for, and names it with its path', () => {
    const config = read({ rope: { factor: 2, strange: 1 } });
    config.group('rope')?.number('factor');
    expect(() => {
      config.finish();
    }).toThrow(/rope\.strange = 1/u);
  });

  it('accepts keys that were asked for or ignored, that are null, or that never have an effect', () => {
    const config = read({
      asked: 1,
      ignored: 2,
      nothing: null,
      attn_pdrop: 0.1,
      hidden_dropout_prob: 0.1,
      decoder_layerdrop: 0.2,
      use_cache: true,
      add_cross_attention: false,
    });
    config.integer('asked');
    config.ignore('ignored');
    expect(
      codeOf(() => {
        config.finish();
      }),
    ).toBeUndefined();
  });

  it.each([
    { add_cross_attention: true },
    { quantization_config: {} },
    { sliding_window: 4 },
    { drop_heads: 3 },
  ])('refuses %o', (config) => {
    expect(
      codeOf(() => {
        read(config).finish();
      }),
    ).toBe('config-key-not-understood');
  });

  it('refuses a value that the family does not know', () => {
    const config = read({ rotary: false });
    expect(
      codeOf(() => {
        config.only('rotary', true);
      }),
    ).toBe('config-key-not-understood');
    config.only('missing', 1);
  });
});
