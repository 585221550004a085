import type { AtlasTokenizer } from '../../src/engine/tokenizers/tokenizer.ts';
import type { ModelSource } from '../load-config.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { TokenizedPrompt } from './plan.ts';

/**
 * A text as token ids, readable tokens and offsets, with a begin-of-text token as the model's `prependBos` asks.
 *
 * @throws AtlasError `tokenizer-invalid` where a begin-of-text token is asked for and the tokenizer names none
 */
export function tokenizePrompt(
  tokenizer: AtlasTokenizer,
  text: string,
  prependBos: ModelSource['prependBos'],
): TokenizedPrompt {
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
