import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';

/** Files where they really lie. */
export interface LocatedFiles {
  /** Absolute, without links: the innermost folder that all of them lie in. */
  readonly weightsFolder: string;
  /** By name, the path from that folder, with `/` between names and no `..`. */
  readonly locations: ReadonlyMap<string, string>;
}

/**
 * Follows the links of a model folder, which the hub's cache is made of. onnxruntime reads no file through a link that
 * leads out of the folder it loads a model in; loaded in the folder where the files lie, it needs no link.
 *
 * @param names of at least one file in `folder`
 * @throws AtlasError `model-file-missing`, `weights-apart`
 */
export async function locateFiles(folder: string, names: readonly string[]): Promise<LocatedFiles> {
  const paths = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return await realpath(path).catch((error: unknown) => {
        throw atlasError('model-file-missing', { name }, { file: path }, error);
      });
    }),
  );
  const weightsFolder = paths.map((path) => dirname(path)).reduce(commonFolder);
  const locations = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const location = relative(weightsFolder, paths[index] ?? '');
    if (isAbsolute(location)) throw atlasError('weights-apart', { name }, { file: folder });
    locations.set(name, location.replaceAll(sep, '/'));
  }
  return { weightsFolder, locations };
}

function commonFolder(a: string, b: string): string {
  const [left, right] = [a.split(sep), b.split(sep)];
  const end = left.findIndex((part, index) => part !== right[index]);
  return end === -1 ? a : left.slice(0, end).join(sep) || sep;
}
