import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alignOriginal } from '../../../../src/engine/tokenizers/aligned-text.ts';
import { createNormalizer } from '../../../../src/engine/tokenizers/normalize.ts';
import { parseSentencePieceModel } from '../../../../src/engine/tokenizers/sentencepiece-model.ts';
import { codeOf } from '../../error-code.ts';
import { readJson } from './fixtures.ts';

function normalizerOf(name: string) {
  const url = new URL(`../../../fixtures/tokenizers/${name}/tokenizer.model`, import.meta.url);
  const { charsmap } = parseSentencePieceModel(readFileSync(url));
  return createNormalizer({
    type: 'Precompiled',
    precompiled_charsmap: Buffer.from(charsmap).toString('base64'),
  });
}

describe('a compiled table of replacements', () => {
  const expected = readJson('precompiled.json') as Record<string, { text: string; normalized: string }[]>;
  it.each(Object.entries(expected))('gives what the reference gives: %s', (name, rows) => {
    const normalize = normalizerOf(name);
    for (const { text, normalized } of rows) {
      expect({ text, normalized: normalize(alignOriginal(text)).text }).toEqual({ text, normalized });
    }
  });

  it('keeps the places of what it replaces', () => {
    const { text, starts, ends } = normalizerOf('spm-unigram-nmt-nfkc')(alignOriginal('aﬁ½b'));
    expect(text).toBe('afi1\u20442b');
    expect([...starts]).toEqual([0, 1, 1, 2, 2, 2, 3]);
    expect([...ends]).toEqual([1, 2, 2, 3, 3, 3, 4]);
  });

  it.each(['%', '', 'AAAA', Buffer.from([255, 255, 255, 127, 1]).toString('base64')])(
    'is refused when it is "%s"',
    (table) => {
      expect(codeOf(() => createNormalizer({ type: 'Precompiled', precompiled_charsmap: table }))).toBe(
        'tokenizer-invalid',
      );
    },
  );
});
