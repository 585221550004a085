import { ByteLevelPreTokenizer } from '@huggingface/tokenizers';
import { mapCharacters, prependAligned, sliceAligned, type AlignedText } from './aligned-text.ts';
import type { PreTokenizerDefinition } from './definition.ts';
import { createMatcher, type Matcher, type Stretch } from './patterns.ts';
import { splitByBehavior } from './split-behavior.ts';

/** Cuts a text into the words that the model encodes one by one; empty words are dropped. */
export type PreTokenizer = (text: AlignedText) => AlignedText[];

/** The reference's own expression for byte-level tokenizers that name none. */
const GPT2_WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
const PUNCTUATION = String.raw`[\p{P}!-/:-@\[-\x60{-~]`;

/** A byte's printable stand-in in the vocabulary of a byte-level tokenizer: `[256]`. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  const { byte_encoder } = new ByteLevelPreTokenizer({ type: 'ByteLevel' });
  return Array.from({ length: 256 }, (_, byte) => byte_encoder[byte] ?? '');
})();

/** @throws AtlasError `tokenizer-invalid` for a pattern that is refused */
export function createPreTokenizer(definition: PreTokenizerDefinition): PreTokenizer {
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.pretokenizers.map(createPreTokenizer);
      return (text) => steps.reduce((words, step) => words.flatMap(step), [text]);
    }
    case 'ByteLevel':
      return byteLevel(definition.add_prefix_space, definition.use_regex);
    case 'Metaspace':
      return metaspace(definition);
    case 'Split': {
      const matcher = createMatcher(definition.pattern);
      return splitter(definition.invert ? inverted(matcher) : matcher, definition.behavior);
    }
    case 'CharDelimiterSplit':
      return splitter(createMatcher({ String: definition.delimiter }), 'Removed');
    case 'Whitespace':
      return splitter(inverted(createMatcher({ Regex: String.raw`\w+|[^\w\s]+` })), 'Removed');
    case 'WhitespaceSplit':
      return splitter(createMatcher({ Regex: String.raw`\s` }), 'Removed');
    case 'BertPreTokenizer': {
      const bySpace = splitter(createMatcher({ Regex: String.raw`\s` }), 'Removed');
      const byPunctuation = splitter(createMatcher({ Regex: PUNCTUATION }), 'Isolated');
      return (text) => bySpace(text).flatMap(byPunctuation);
    }
    case 'Punctuation':
      return splitter(createMatcher({ Regex: PUNCTUATION }), definition.behavior);
    case 'Digits':
      return splitter(
        createMatcher({ Regex: String.raw`\p{N}` }),
        definition.individual_digits ? 'Isolated' : 'Contiguous',
      );
    case 'FixedLength':
      return splitter(fixedLength(definition.length), 'Isolated');
  }
}

function splitter(matcher: Matcher, behavior: Parameters<typeof splitByBehavior>[1]): PreTokenizer {
  return (text) =>
    splitByBehavior(matcher(text.text), behavior)
      .filter(({ from, to }) => to > from)
      .map(({ from, to }) => sliceAligned(text, from, to));
}

function inverted(matcher: Matcher): Matcher {
  return (text) => matcher(text).map((stretch): Stretch => ({ ...stretch, matched: !stretch.matched }));
}

function byteLevel(addsSpace: boolean, splits: boolean): PreTokenizer {
  const split = splits ? splitter(createMatcher({ Regex: GPT2_WORDS }), 'Isolated') : undefined;
  return (text) => {
    const spaced = addsSpace && !text.text.startsWith(' ') ? prependAligned(text, ' ') : text;
    return (split?.(spaced) ?? [spaced]).map(toByteCharacters);
  };
}

const utf8 = new TextEncoder();

/** Each byte of the text's UTF-8 as its stand-in; all bytes of a character keep the character's place. */
function toByteCharacters(text: AlignedText): AlignedText {
  return mapCharacters(text, (character) =>
    Array.from(utf8.encode(character), (byte) => BYTE_CHARACTERS[byte] ?? '').join(''),
  );
}

function metaspace(options: Extract<PreTokenizerDefinition, { type: 'Metaspace' }>): PreTokenizer {
  const { replacement, prepend_scheme: scheme } = options;
  const split = options.split
    ? splitter(createMatcher({ String: replacement }), 'MergedWithNext')
    : undefined;
  return (text) => {
    const marked = mapCharacters(text, (character) => (character === ' ' ? replacement : character));
    const wanted = scheme === 'always' || (scheme === 'first' && text.origin === 0);
    const prefixed =
      wanted && !marked.text.startsWith(replacement) ? prependAligned(marked, replacement) : marked;
    return split?.(prefixed) ?? [prefixed];
  };
}

function fixedLength(length: number): Matcher {
  return (text) => {
    const stretches: Stretch[] = [];
    let from = 0;
    let to = 0;
    let count = 0;
    for (const character of text) {
      to += character.length;
      if (++count % length !== 0) continue;
      stretches.push({ from, to, matched: true });
      from = to;
    }
    if (from < to) stretches.push({ from, to, matched: true });
    return stretches;
  };
}
