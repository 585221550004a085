/**
 * Python that loads one array of a saved npz file with NumPy.
 *
 * @param file the file's name
 * @param array the name of the array in it
 */
export function pythonSnippet(file: string, array: string): string {
  return `import numpy as np

with np.load(${JSON.stringify(file)}) as saved:
    pattern = saved[${JSON.stringify(array)}]  # [queries, keys], float32

print(pattern.shape, pattern[-1].argmax())  # where the last token looks most`;
}
