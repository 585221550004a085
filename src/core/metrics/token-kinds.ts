import { remember } from '../remember.ts';

/** Only marks: punctuation, with or without space around it. */
const PUNCTUATION = /^\s*\p{P}+\s*$/u;
const NEWLINE = /[\n\r]/u;
/** A sentence ends: a full stop, exclamation or question mark (also the ideographic ones), perhaps before a closing mark. */
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s*$/u;

/** Of each token, whether it is made of punctuation marks alone. */
export const punctuationOf: (tokens: readonly string[]) => readonly boolean[] = remember((tokens) =>
  tokens.map((token) => PUNCTUATION.test(token)),
);

/** Of each token, whether it holds the end of a line. */
export const newlinesOf: (tokens: readonly string[]) => readonly boolean[] = remember((tokens) =>
  tokens.map((token) => NEWLINE.test(token)),
);

/** Whether a token is none of the text: begin-of-text, separators and the like. */
export function isSpecial(offset: readonly [start: number, end: number] | undefined): boolean {
  return offset === undefined || (offset[0] === 0 && offset[1] === 0);
}

/** The number of each token's sentence, from 0: the next begins after a mark that ends one, or a line's end. */
export const sentencesOf: (tokens: readonly string[]) => Int32Array = remember((tokens) => {
  const sentences = new Int32Array(tokens.length);
  let sentence = 0;
  let hasWords = false;
  for (const [at, token] of tokens.entries()) {
    sentences[at] = sentence;
    hasWords ||= /[\p{L}\p{N}]/u.test(token);
    if (hasWords && (SENTENCE_END.test(token) || NEWLINE.test(token))) {
      sentence++;
      hasWords = false;
    }
  }
  return sentences;
});
