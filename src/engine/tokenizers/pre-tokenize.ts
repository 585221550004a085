import { ByteLevelPreTokenizer } from '@huggingface/tokenizers';
import { mapCharacters, prependAligned, sliceAligned, type AlignedText } from './aligned-text.ts';
import type { PreTokenizerDefinition } from './definition.ts';
import { createMatcher, matcherOf, WORD, type Matcher, type Stretch } from './patterns.ts';
import { splitByBehavior } from './split-behavior.ts';

/** Cuts a text into the words that the model encodes one by one; empty words are dropped. */
export type PreTokenizer = (text: AlignedText) => AlignedText[];

// The expressions of the reference. Its `\s` is White_Space, which JavaScript's differs from (U+0085, U+FEFF).
const SPACE = /\p{White_Space}/gu;
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;
const NUMERAL = /\p{N}/gu;
const WORDS_AND_SIGNS = new RegExp(`[${WORD}]+|[^${WORD}\\p{White_Space}]+`, 'gu');
/** What byte-level tokenizers split by that name no expression of their own. */
const GPT2_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

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
      return splitter(inverted(matcherOf(WORDS_AND_SIGNS)), 'Removed');
    case 'WhitespaceSplit':
      return splitter(matcherOf(SPACE), 'Removed');
    case 'BertPreTokenizer': {
      const bySpace = splitter(matcherOf(SPACE), 'Removed');
      const byPunctuation = splitter(matcherOf(PUNCTUATION), 'Isolated');
      return (text) => bySpace(text).flatMap(byPunctuation);
    }
    case 'Punctuation':
      return splitter(matcherOf(PUNCTUATION), definition.behavior);
    case 'Digits':
      return splitter(matcherOf(NUMERAL), definition.individual_digits ? 'Isolated' : 'Contiguous');
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
  const split = splits ? splitter(matcherOf(GPT2_WORDS), 'Isolated') : undefined;
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
    const wanted = scheme === 'always' || (scheme === 'first' && text.starts[0] === 0);
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
