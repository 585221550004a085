import { chdir, cwd } from 'node:process';

let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs `action` with `folder` as the process's working folder, and no two actions at once. onnxruntime resolves the
 * files of a model that it is given as bytes against the working folder, and takes neither absolute paths, nor `..`,
 * nor links that lead out of it; so this is how it reads weights where they are, in a folder it may not write to.
 */
export function inWorkingFolder<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const run = async () => {
    const before = cwd();
    chdir(folder);
    try {
      return await action();
    } finally {
      chdir(before);
    }
  };
  const result = queue.then(run);
  queue = result.catch(() => undefined);
  return result;
}
