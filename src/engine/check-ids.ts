import { atlasError } from '../schema/errors/index.ts';
import type { ModelDescription } from './architectures/architecture.ts';

/**
 * Checks that a model can read these token ids.
 *
 * @throws AtlasError `prompt-empty`, `prompt-too-long`, `token-id-out-of-range`
 */
export function checkIds(
  ids: readonly number[],
  { context, vocabularySize }: Pick<ModelDescription, 'context' | 'vocabularySize'>,
): void {
  if (ids.length === 0) throw atlasError('prompt-empty', {});
  if (context !== null && ids.length > context) {
    throw atlasError('prompt-too-long', { tokens: ids.length, limit: context });
  }
  const outside = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (outside !== undefined)
    throw atlasError('token-id-out-of-range', { id: outside, vocabulary: vocabularySize });
}
