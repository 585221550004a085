import { atlasError } from '../schema/errors/index.ts';

/**
 * The entries of `all` with these names, in the order of the names.
 *
 * @throws AtlasError `code` for a name that is not among them
 */
export function selectNamed<T extends { readonly name: string }>(
  names: readonly string[],
  all: readonly T[],
  code: 'unknown-figure' | 'unknown-metric',
): T[] {
  return names.map((name) => {
    const entry = all.find((candidate) => candidate.name === name);
    if (entry === undefined) throw atlasError(code, { name, known: all.map((known) => known.name) });
    return entry;
  });
}
