import type { PostProcessorDefinition } from './definition.ts';
import { tokenizerInvalid } from './invalid.ts';
import { BYTE_CHARACTERS } from './pre-tokenize.ts';

/** A token of a text: its id, its raw piece, and its code points `[start, end)` of the text. */
export interface Token {
  readonly id: number;
  readonly token: string;
  readonly offsets: readonly [number, number];
}

export type PostProcessor = (tokens: Token[], special: boolean) => Token[];

/** Trims offsets and, where `special` is asked for, puts the special tokens around, with offsets `[0, 0]`. */
export function createPostProcessor(definition: PostProcessorDefinition): PostProcessor {
  switch (definition.type) {
    case 'Sequence': {
      const steps = definition.processors.map(createPostProcessor);
      return (tokens, special) => steps.reduce((changed, step) => step(changed, special), tokens);
    }
    case 'ByteLevel':
      return definition.trim_offsets
        ? (tokens) => trimOffsets(tokens, definition.add_prefix_space)
        : (tokens) => tokens;
    case 'BertProcessing':
      return surround([namedToken(definition.cls)], [namedToken(definition.sep)]);
    case 'RobertaProcessing': {
      const add = surround([namedToken(definition.cls)], [namedToken(definition.sep)]);
      return (tokens, special) =>
        add(definition.trim_offsets ? trimOffsets(tokens, definition.add_prefix_space) : tokens, special);
    }
    case 'TemplateProcessing':
      return template(definition);
  }
}

function namedToken([token, id]: readonly [string, number]): Token {
  return { id, token, offsets: [0, 0] };
}

function surround(before: readonly Token[], after: readonly Token[]): PostProcessor {
  return (tokens, special) => (special ? [...before, ...tokens, ...after] : tokens);
}

function template(
  definition: Extract<PostProcessorDefinition, { type: 'TemplateProcessing' }>,
): PostProcessor {
  const before: Token[] = [];
  const after: Token[] = [];
  let seen = false;
  for (const part of definition.single) {
    if ('Sequence' in part) {
      if (seen || part.Sequence.id !== 'A') {
        throw tokenizerInvalid('The template for a single text does not hold the text exactly once.');
      }
      seen = true;
      continue;
    }
    const { id: name } = part.SpecialToken;
    const special = definition.special_tokens[name];
    if (special === undefined)
      throw tokenizerInvalid(`The template names "${name}", but does not define it.`);
    special.ids.forEach((id, i) => (seen ? after : before).push(namedToken([special.tokens[i] ?? name, id])));
  }
  if (!seen) throw tokenizerInvalid('The template for a single text has no place for the text.');
  return surround(before, after);
}

const SPACE = BYTE_CHARACTERS[0x20] ?? ' ';

/**
 * Takes the spaces at both ends of a piece out of its offsets, by the reference's rule: it counts the space
 * marks of the piece, and keeps one that `addsSpace` may have put before the first word.
 */
function trimOffsets(tokens: Token[], addsSpace: boolean): Token[] {
  return tokens.map((token, i) => {
    const blank = Array.from(
      token.token,
      (character) => character === SPACE || /\p{White_Space}/u.test(character),
    );
    const leading = blank.includes(false) ? blank.indexOf(false) : blank.length;
    const trailing = blank.includes(false) ? blank.length - 1 - blank.lastIndexOf(false) : blank.length;
    let [start, end] = token.offsets;
    const isOwnPrefix = addsSpace && leading === 1 && (i === 0 || start === 0);
    if (!isOwnPrefix) start = Math.min(start + leading, end);
    if (end >= trailing) end = Math.max(end - trailing, start);
    return { ...token, offsets: [start, end] };
  });
}
