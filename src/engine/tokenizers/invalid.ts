import { atlasError, type AtlasError } from '../../schema/errors/index.ts';

/** `tokenizer-invalid`, with `reason` as a sentence. The reader of the files adds the place. */
export function tokenizerInvalid(reason: string, cause?: unknown): AtlasError {
  return atlasError('tokenizer-invalid', { reason }, {}, cause);
}
