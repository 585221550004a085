import {
  AlignedBuilder,
  mapCharacters,
  prependAligned,
  sliceAligned,
  type AlignedText,
} from './aligned-text.ts';
import { readCharsmap } from './charsmap.ts';
import type { NormalizerDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { createMatcher, type TextPattern } from './patterns.ts';
import { toUnicodeForm } from './unicode-forms.ts';

export type Normalizer = (text: AlignedText) => AlignedText;

/**
 * A normalizer that keeps the alignment. Characters are changed one by one, as the reference does it (so a
 * Greek sigma at a word's end becomes an ordinary small sigma).
 *
 * @throws AtlasError `tokenizer-invalid` for a pattern that is refused
 */
export function createNormalizer(definition: NormalizerDefinition): Normalizer {
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.normalizers.map(createNormalizer);
      return (text) => steps.reduce((changed, step) => step(changed), text);
    }
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = definition.type;
      return (text) => toUnicodeForm(text, form);
    }
    case 'Lowercase':
      return lowercase;
    case 'StripAccents':
      return (text) => mapCharacters(text, (character) => (/\p{M}/u.test(character) ? '' : character));
    case 'Strip':
      return (text) => strip(text, definition.strip_left, definition.strip_right);
    case 'Prepend':
      return (text) => prependAligned(text, definition.prepend);
    case 'Replace':
      return replacer(definition.pattern, definition.content);
    case 'BertNormalizer':
      return bertNormalizer(definition);
    case 'Precompiled':
      return precompiled(definition.precompiled_charsmap);
  }
}

function lowercase(text: AlignedText): AlignedText {
  return mapCharacters(text, (character) => character.toLowerCase());
}

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const length = text.text.length;
  const from = left ? length - text.text.replace(/^\p{White_Space}+/u, '').length : 0;
  let to = length;
  if (right) while (to > from && /\p{White_Space}/u.test(text.text.charAt(to - 1))) to--;
  return sliceAligned(text, from, to);
}

function replacer(pattern: TextPattern, content: string): Normalizer {
  const matcher = createMatcher(pattern);
  return (text) => {
    const stretches = matcher(text.text);
    if (!stretches.some(({ matched }) => matched)) return text;
    const builder = new AlignedBuilder();
    for (const { from, to, matched } of stretches) {
      // The new text takes the place of the last character that it replaces.
      if (matched) builder.push(content, text, Math.max(0, to - 1));
      else builder.copy(text, from, to);
    }
    return builder.build();
  };
}

function bertNormalizer(options: Extract<NormalizerDefinition, { type: 'BertNormalizer' }>): Normalizer {
  const stripsAccents = options.strip_accents ?? options.lowercase;
  return (text) => {
    let changed = text;
    if (options.clean_text) changed = mapCharacters(changed, cleanCharacter);
    if (options.handle_chinese_chars) {
      changed = mapCharacters(changed, (character) =>
        IDEOGRAPH.test(character) ? ` ${character} ` : character,
      );
    }
    if (stripsAccents) {
      changed = mapCharacters(toUnicodeForm(changed, 'NFD'), (character) =>
        /\p{Mn}/u.test(character) ? '' : character,
      );
    }
    return options.lowercase ? lowercase(changed) : changed;
  };
}

const IDEOGRAPH =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/u;

function cleanCharacter(character: string): string {
  if (character === '\t' || character === '\n' || character === '\r') return ' ';
  if (/[\p{Cc}\p{Cf}\p{Co}\uFFFD]/u.test(character)) return '';
  return /\p{White_Space}/u.test(character) ? ' ' : character;
}

/**
 * SentencePiece's compiled table of replacements, as the reference applies it: to each grapheme of fewer than six bytes as
 * a whole, else to its characters one by one, and by the shortest prefix that the table has.
 */
function precompiled(base64: string): Normalizer {
  const charsmap = readCharsmap(bytesOf(base64));
  const replaced = (part: string): string | undefined => charsmap.replacements(utf8.encode(part), 0)[0]?.text;
  return (source) => {
    const builder = new AlignedBuilder();
    for (const { segment, index } of graphemes.segment(source.text)) {
      const whole = utf8.encode(segment).length < LEAST_UNREPLACED ? replaced(segment) : undefined;
      if (whole !== undefined) replace(builder, source, index, segment, whole);
      else {
        let unit = index;
        for (const character of segment) {
          replace(builder, source, unit, character, replaced(character) ?? character);
          unit += character.length;
        }
      }
    }
    return builder.build();
  };
}

const utf8 = new TextEncoder();
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Bytes of a grapheme that is not looked up as a whole. */
const LEAST_UNREPLACED = 6;

/** Puts `made` in the place of `part`, character by character; what is left over shares the place of the last. */
function replace(
  builder: AlignedBuilder,
  source: AlignedText,
  from: number,
  part: string,
  made: string,
): void {
  const units: number[] = [];
  let unit = from;
  for (const character of part) {
    units.push(unit);
    unit += character.length;
  }
  for (const [index, character] of Array.from(made).entries()) {
    builder.push(character, source, units[Math.min(index, units.length - 1)] ?? from);
  }
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (error) {
    throw tokenizerInvalid('Its table of replacements (precompiled_charsmap) is no base64.', error);
  }
}
