import { atlasError } from '../../schema/errors/index.ts';
import type { PrependBos } from '../../schema/prepend-bos.ts';
import type { AtlasTokenizer } from './tokenizer.ts';

/** A text as a model reads it; the arrays have one entry a token. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** As a person reads them. */
  readonly tokens: readonly string[];
  /** Start and end in the prompt, in code points; `[0, 0]` for a special token. */
  readonly offsets: readonly (readonly [number, number])[];
}

/**
 * A text as token ids, readable tokens and offsets, with a begin-of-text token as the model's `prependBos` asks.
 *
 * @throws AtlasError `tokenizer-invalid` where a begin-of-text token is asked for and the tokenizer names none
 */
export function tokenizePrompt(
  tokenizer: AtlasTokenizer,
  text: string,
  prependBos: PrependBos,
): TokenizedText {
  const { ids, tokens, offsets } = tokenizer.encode(text, { special: prependBos !== 'never' });
  const readable = tokens.map((token) => tokenizer.pieceText(token));
  if (prependBos !== 'always') return { ids, tokens: readable, offsets };
  const bos = tokenizer.bosToken;
  if (bos === null) {
    throw atlasError('tokenizer-invalid', {
      reason:
        'The config asks for a begin-of-text token before each prompt, and tokenizer_config.json names none.',
    });
  }
  if (ids[0] === bos.id) return { ids, tokens: readable, offsets };
  return { ids: [bos.id, ...ids], tokens: [bos.token, ...readable], offsets: [[0, 0], ...offsets] };
}
