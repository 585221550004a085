/** Only marks: punctuation, with or without space around it. */
const PUNCTUATION = /^\s*\p{P}+\s*$/u;
const NEWLINE = /[\n\r]/u;
/** A sentence ends: a full stop, exclamation or question mark (also the ideographic ones), perhaps before a closing mark. */
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s*$/u;

/** Whether a token is made of punctuation marks alone. */
export function isPunctuation(token: string): boolean {
  return PUNCTUATION.test(token);
}

/** Whether a token holds the end of a line. */
export function isNewline(token: string): boolean {
  return NEWLINE.test(token);
}

/** Whether a token is none of the text: begin-of-text, separators and the like. */
export function isSpecial(offset: readonly [start: number, end: number] | undefined): boolean {
  return offset === undefined || (offset[0] === 0 && offset[1] === 0);
}

/** The number of each token's sentence, from 0: the next begins after a mark that ends one, or an empty line. */
export function sentencesOf(tokens: readonly string[]): Int32Array {
  const sentences = new Int32Array(tokens.length);
  let sentence = 0;
  let hasWords = false;
  for (const [at, token] of tokens.entries()) {
    sentences[at] = sentence;
    hasWords ||= /[\p{L}\p{N}]/u.test(token);
    if (hasWords && (SENTENCE_END.test(token) || isNewline(token))) {
      sentence++;
      hasWords = false;
    }
  }
  return sentences;
}
