import { AtlasError, type Explanation } from './atlas-error.ts';

/** Of the files that pages fetch. It stands apart so that a page which reads packs need not fetch the whole catalogue. */
export const siteFileErrors = {
  'pack-invalid': (p: { reason: string }): Explanation => ({
    what: 'A pattern pack cannot be read.',
    why: p.reason,
    remedy: 'Fetch it again; if it stays broken, build the atlas again.',
  }),
};

/**
 * The error `pack-invalid`, as `atlasError` makes it.
 *
 * @param cause the error it was caught from
 */
export function invalidPack(reason: string, cause?: unknown): AtlasError {
  return new AtlasError('pack-invalid', siteFileErrors['pack-invalid']({ reason }), {}, cause);
}
